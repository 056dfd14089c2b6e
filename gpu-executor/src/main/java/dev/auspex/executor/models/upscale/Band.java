package dev.auspex.executor.models.upscale;

/**
 * Rows of one enlarged plane and where they go.
 *
 * @param plane its number
 * @param rows which rows
 * @param layout where they go
 * @param leftSited whether it is a colour plane of a video
 */
record Band(int plane, Rows rows, Layout layout, boolean leftSited) {

    /**
     * Rows of the enlarged plane.
     *
     * @param from the first
     * @param count how many
     */
    record Rows(int from, int count) {}

    /**
     * Where samples lie in the target.
     *
     * @param offset bytes before the first
     * @param step bytes from sample to sample
     * @param stride bytes from row to row
     */
    record Layout(int offset, int step, int stride) {}
}
