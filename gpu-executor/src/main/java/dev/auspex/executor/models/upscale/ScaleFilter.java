package dev.auspex.executor.models.upscale;

import dev.auspex.executor.models.render.Lanczos;

/**
 * The filter that makes samples of a plane larger by a whole number, along one axis: for each of the {@code scale} positions
 * within a sample, six weights and where they begin. Immutable.
 *
 * @param scale 1 to 4
 * @param table per phase {@link #TAPS} weights that add up to 1, then the first sample relative to {@code target / scale}
 */
@SuppressWarnings("ArrayRecordComponent") // Passed around, never compared.
record ScaleFilter(int scale, float[] table) {

    /** Samples under the filter: three lobes on each side. */
    static final int TAPS = 6;

    /** Floats of a phase. */
    static final int ENTRY = TAPS + 1;

    /** For samples that lie in the middle of what they stand for: brightness, colours of pictures, rows of all planes. */
    static ScaleFilter centred(int scale) {
        return of(scale, 0);
    }

    /**
     * Along the rows of a video's colour planes: their samples lie where the left one of two brightness samples lies (ITU-T
     * H.264, Annex E, chroma_sample_loc_type 0), in the video that comes and in the one that goes.
     */
    static ScaleFilter leftSited(int scale) {
        return of(scale, 0.25 - 0.25 / scale);
    }

    private static ScaleFilter of(int scale, double shift) {
        Lanczos lanczos = Lanczos.forFootprint(1);
        float[] table = new float[scale * ENTRY];
        for (int phase = 0; phase < scale; phase++) {
            double at = (phase + 0.5) / scale - 0.5 + shift;
            int whole = (int) Math.floor(at);
            int fraction = (int) Math.round((at - whole) * Lanczos.PHASES);
            System.arraycopy(lanczos.weights(), fraction * TAPS, table, phase * ENTRY, TAPS);
            table[phase * ENTRY + TAPS] = whole - TAPS / 2 + 1;
        }
        return new ScaleFilter(scale, table);
    }

    /** A weight. */
    float weight(int phase, int tap) {
        return table[phase * ENTRY + tap];
    }

    /** The first sample under the filter of target sample {@code at}; may lie in the margin. */
    int first(int at) {
        return at / scale + (int) table[at % scale * ENTRY + TAPS];
    }
}
