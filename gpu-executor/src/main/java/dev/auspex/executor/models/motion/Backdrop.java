package dev.auspex.executor.models.motion;

/** What is seen where the picture is not: around it with {@code fit: contain}, and through transparent pixels. */
public enum Backdrop {
    /** The picture itself, large, blurred and darkened; black behind transparent pixels. */
    BLUR,
    /** Black. */
    BLACK,
    /** White. */
    WHITE;

    /** 0xRRGGBB behind transparent pixels. */
    int colour() {
        return this == WHITE ? 0xffffff : 0;
    }
}
