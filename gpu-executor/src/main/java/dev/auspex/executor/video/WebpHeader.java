package dev.auspex.executor.video;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Walks the RIFF chunks of a WebP (RFC 9649). */
final class WebpHeader {

    private static final int MAX_CHUNKS = 1_000;
    private static final int MAX_EXIF = 1 << 20;
    private static final int ANIMATION_FLAG = 0x02;

    private WebpHeader() {}

    static PictureHeader read(HeaderReader in) throws IOException, PictureException {
        in.seek(12);
        PictureHeader canvas = null;
        PictureHeader image = null;
        Orientation orientation = Orientation.UPRIGHT;
        for (int chunk = 0; chunk < MAX_CHUNKS && in.length() - in.position() >= 8; chunk++) {
            String tag = in.tag();
            long size = in.littleU32();
            long next = in.position() + size + (size & 1);
            switch (tag) {
                case "VP8X" -> canvas = canvas(in);
                case "VP8 " -> image = lossy(in);
                case "VP8L" -> image = lossless(in);
                case "ANIM", "ANMF" -> throw animated();
                case "EXIF" -> orientation = size <= MAX_EXIF && next <= in.length() + 1 ? exif(in, (int) size) : orientation;
                default -> {}
            }
            if (next >= in.length()) {
                break;
            }
            in.seek(next);
        }
        return checked(canvas, image).oriented(orientation);
    }

    /** The canvas and the picture in it must agree: the reader takes memory by one and fills it by the other. */
    private static PictureHeader checked(@Nullable PictureHeader canvas, @Nullable PictureHeader image) throws PictureException {
        if (image == null) {
            throw new PictureException("broken WebP: no picture in it");
        }
        if (canvas != null && (canvas.width() != image.width() || canvas.height() != image.height())) {
            throw new PictureException("broken WebP: announces %dx%d pixels and holds %dx%d"
                    .formatted(canvas.width(), canvas.height(), image.width(), image.height()));
        }
        return image;
    }

    private static PictureHeader canvas(HeaderReader in) throws IOException, PictureException {
        int flags = in.u8();
        if ((flags & ANIMATION_FLAG) != 0) {
            throw animated();
        }
        in.bytes(3);
        return webp(in.littleU24() + 1, in.littleU24() + 1);
    }

    private static PictureHeader lossy(HeaderReader in) throws IOException, PictureException {
        in.bytes(3);
        if (in.littleU24() != 0x2a019d) {
            throw new PictureException("broken WebP: no key frame in it");
        }
        int packed = (int) in.littleU32();
        return webp(packed & 0x3fff, packed >>> 16 & 0x3fff);
    }

    private static PictureHeader lossless(HeaderReader in) throws IOException, PictureException {
        if (in.u8() != 0x2f) {
            throw new PictureException("broken WebP: bad lossless signature");
        }
        int packed = (int) in.littleU32();
        return webp((packed & 0x3fff) + 1, (packed >>> 14 & 0x3fff) + 1);
    }

    private static Orientation exif(HeaderReader in, int size) throws IOException {
        return ExifOrientation.find(in.bytes(size));
    }

    private static PictureHeader webp(int width, int height) {
        return new PictureHeader(PictureFormat.WEBP, width, height, 8, Orientation.UPRIGHT);
    }

    private static PictureException animated() {
        return new PictureException("an animated WebP; send a still picture");
    }
}
