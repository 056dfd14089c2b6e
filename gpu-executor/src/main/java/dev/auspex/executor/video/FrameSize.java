package dev.auspex.executor.video;

/**
 * The size of a video's frames and how one lies in memory: planar 4:2:0, the brightness rows, then the blue ones, then the
 * red ones, without gaps.
 *
 * @param width even
 * @param height even
 */
public record FrameSize(int width, int height) {

    /** Sides allowed in a video. */
    public static final int MIN = 16;

    /** Sides allowed in a video; what H.264 level 6.2 can hold as a square. */
    public static final int MAX = 4096;

    /** @throws IllegalArgumentException on an odd side or one outside {@link #MIN} to {@link #MAX} */
    public FrameSize {
        if (width < MIN || height < MIN || width > MAX || height > MAX || (width | height) % 2 != 0) {
            throw new IllegalArgumentException("a frame of " + width + "x" + height);
        }
    }

    /** Bytes of a frame. */
    public int bytes() {
        return width * height * 3 / 2;
    }

    /** Columns of plane 0, 1 or 2. */
    public int width(int plane) {
        return plane == 0 ? width : width / 2;
    }

    /** Rows of plane 0, 1 or 2. */
    public int height(int plane) {
        return plane == 0 ? height : height / 2;
    }

    /** Where plane 0, 1 or 2 begins. */
    public int offset(int plane) {
        return switch (plane) {
            case 0 -> 0;
            case 1 -> width * height;
            default -> width * height * 5 / 4;
        };
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
