// The kernel of scene-video: six families of scenes as distance fields, ray marching, light, and the frame's colours.
// The classes of dev.auspex.executor.models.scene do the same step by step, a section here is a class there; a test compares them.
// Only plain C inside the functions: the test-only stand-in for a GPU compiles this very file with g++.

#include "scene-noise.cuh"
#include "scene-bodies.cuh"
#include "scene-surfaces.cuh"

// ---- PixelShader

// The light that comes along a ray, linear.
static __device__ ONCE V3 trace(const float* u, V3 eye, V3 ray) {
    const int family = (int) u[FAMILY];
    const float t = march(u, eye, ray);
    V3 colour;
    if (t >= FAR) {
        colour = sky(u, ray);
        if (family == TUNNEL) {
            colour = times(at(u, COLOUR_B), 0.5f);
        }
        if (family == OCEAN || family == HILLS || family == CITY) {
            colour = ray.y < 0.02f ? air(u, colour, ray, FAR) : colour;
        }
    } else {
        const V3 p = plus(eye, times(ray, t));
        colour = surface(u, p, ray, t);
        if (family == SPHERES) {
            // Polished: what is mirrored is looked for once.
            const V3 n = normal(u, p, t);
            const float facing = clip(-dot(n, ray), 0.0f, 1.0f);
            const float away = 1.0f - facing;
            const float mirror = 0.05f + 0.6f * away * away * away * away;
            const V3 back = plus(ray, times(n, 2.0f * facing));
            const V3 from = plus(p, times(n, 0.02f));
            const float s = march(u, from, back);
            V3 seen;
            if (s >= FAR) {
                seen = sky(u, back);
            } else {
                const V3 q = plus(from, times(back, s));
                seen = air(u, studio(u, q, normal(u, q, s), material(u, q), back, s), back, s);
            }
            colour = blend(colour, seen, mirror);
        }
        if (family == TUNNEL) {
            const float thick = 1.0f - expf(-u[FOG] * t);
            colour = blend(colour, times(at(u, COLOUR_B), 0.30f), thick);
        } else if (family != PLANETS) {
            colour = air(u, colour, ray, t);
        }
    }
    if (family == PLANETS) {
        // A glow around the day side.
        const float b = dot(eye, ray);
        const float near2 = dot(eye, eye) - b * b;
        if (b < 0.0f && near2 > 25.0f && t >= FAR) {
            const float over = sqrtf(near2) - 5.0f;
            const V3 p = plus(eye, times(ray, -b));
            const float day = step01(-0.5f, 0.7f, dot(unit(p), at(u, SUN)));
            colour = plus(colour, times(blend(vec(0.3f, 0.55f, 1.0f), at(u, COLOUR_C), 0.3f), 0.55f * day * expf(-3.2f * over)));
        }
        colour = rings(u, colour, eye, ray, t);
    }
    return colour;
}

// From light to a display's values: a curve like film's, then the colour grade.
static __device__ float film(float v) {
    const float c = fmaxf(0.0f, v);
    const float curve = c * (2.51f * c + 0.03f) / (c * (2.43f * c + 0.59f) + 0.14f);
    return powf(clip(curve, 0.0f, 1.0f), 0.4545454f);
}

static __device__ V3 graded(const float* u, V3 light, float x, float y) {
    const float corner = 1.0f - 0.22f * (x * x + y * y) * (x * x + y * y);
    const float gain = u[EXPOSURE] * corner;
    V3 c = vec(film(light.x * gain), film(light.y * gain), film(light.z * gain));
    const float grey = 0.2126f * c.x + 0.7152f * c.y + 0.0722f * c.z;
    c = vec(grey + (c.x - grey) * u[SATURATION], grey + (c.y - grey) * u[SATURATION], grey + (c.z - grey) * u[SATURATION]);
    // A little more contrast in the middle, cool shadows and warm lights.
    c = vec(c.x + 0.16f * c.x * (1.0f - c.x) * (c.x - 0.45f) * 2.0f, c.y + 0.16f * c.y * (1.0f - c.y) * (c.y - 0.45f) * 2.0f, c.z + 0.16f * c.z * (1.0f - c.z) * (c.z - 0.45f) * 2.0f);
    return vec(c.x + 0.012f * (grey - 0.4f), c.y, c.z - 0.014f * (grey - 0.4f));
}

static __device__ V3 pixel(const float* u, int x, int y, int width, int height, int samples) {
    V3 sum = vec(0.0f, 0.0f, 0.0f);
    const V3 eye = at(u, EYE);
#pragma unroll 1
    for (int j = 0; j < samples; j++) {
        for (int i = 0; i < samples; i++) {
            const float px = (2.0f * (x + (i + 0.5f) / samples) - width) / height;
            const float py = (height - 2.0f * (y + (j + 0.5f) / samples)) / height;
            const V3 ray = unit(plus(plus(times(at(u, RIGHT), px), times(at(u, UP), py)), times(at(u, FORWARD), u[FOCAL])));
            const V3 c = graded(u, trace(u, eye, ray), px * 0.62f, py * 0.62f);
            sum = plus(sum, c);
        }
    }
    return times(sum, 1.0f / (samples * samples));
}

// Makes a frame, planar 4:2:0 BT.709; one thread per two by two pixels.
//
// u       what the frame is told, in the order above
// target  width x height brightness values, then the two colour planes
// samples rays per pixel and axis
// fromRow the first pair of rows; toRow the one after the last
extern "C" __global__ void render_scene(const float* __restrict__ u, unsigned char* __restrict__ target, int width, int height, int samples, int fromRow, int toRow) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    const int j = blockIdx.y * blockDim.y + threadIdx.y + fromRow;
    if (2 * i >= width || j >= toRow) {
        return;
    }
    float blue = 0.0f;
    float red = 0.0f;
#pragma unroll 1
    for (int k = 0; k < 4; k++) {
        const int x = 2 * i + (k & 1);
        const int y = 2 * j + (k >> 1);
        const V3 c = pixel(u, x, y, width, height, samples);
        const float grey = 0.2126f * c.x + 0.7152f * c.y + 0.0722f * c.z;
        // Half a level of noise hides the steps of smooth skies.
        const float dither = chance(x, y, (int) u[FRAME]) - 0.5f;
        target[y * width + x] = (unsigned char) (clip(16.0f + 219.0f * grey + dither, 16.0f, 235.0f) + 0.5f);
        blue += 0.25f * (c.z - grey);
        red += 0.25f * (c.x - grey);
    }
    const int at = width * height + j * (width / 2) + i;
    target[at] = (unsigned char) (clip(128.0f + 224.0f / 1.8556f * blue, 16.0f, 240.0f) + 0.5f);
    target[at + width * height / 4] = (unsigned char) (clip(128.0f + 224.0f / 1.5748f * red, 16.0f, 240.0f) + 0.5f);
}
