package dev.auspex.executor.models.motion;

/** Makes rows of one plane of one frame; called by several threads for different rows at once. */
interface PlaneRows {

    /**
     * Makes some rows.
     *
     * @param target the whole frame
     */
    void render(int fromRow, int toRow, byte[] target);
}
