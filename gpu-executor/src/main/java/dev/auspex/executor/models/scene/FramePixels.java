package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.FloatMath.clip;

import dev.auspex.executor.video.FrameSize;

/** Fills a frame, planar 4:2:0 BT.709, as the kernel {@code render_scene}. Several threads may fill different rows at once. */
@SuppressWarnings("ArrayRecordComponent") // Passed around, never compared.
record FramePixels(float[] uniforms, FrameSize size, int samples, byte[] target) {

    /** Makes rows {@code 2 * pair} and the one below it. */
    void rows(int pair) {
        int width = size.width();
        int height = size.height();
        for (int i = 0; i < width / 2; i++) {
            float blue = 0;
            float red = 0;
            for (int k = 0; k < 4; k++) {
                int x = 2 * i + (k & 1);
                int y = 2 * pair + (k >> 1);
                Vec c = PixelShader.pixel(uniforms, x, y, width, height, samples);
                float grey = 0.2126f * c.x() + 0.7152f * c.y() + 0.0722f * c.z();
                // Half a level of noise hides the steps of smooth skies.
                float dither = Noise.chance(x, y, (int) uniforms[SceneUniforms.FRAME]) - 0.5f;
                target[y * width + x] = (byte) (int) (clip(16.0f + 219.0f * grey + dither, 16.0f, 235.0f) + 0.5f);
                blue += 0.25f * (c.z() - grey);
                red += 0.25f * (c.x() - grey);
            }
            int at = pair * (width / 2) + i;
            target[size.offset(1) + at] = (byte) (int) (clip(128.0f + 224.0f / 1.8556f * blue, 16.0f, 240.0f) + 0.5f);
            target[size.offset(2) + at] = (byte) (int) (clip(128.0f + 224.0f / 1.5748f * red, 16.0f, 240.0f) + 0.5f);
        }
    }
}
