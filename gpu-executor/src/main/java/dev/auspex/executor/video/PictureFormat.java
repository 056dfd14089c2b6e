package dev.auspex.executor.video;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The picture formats that are read. */
public enum PictureFormat {
    /** Portable Network Graphics. */
    PNG("png"),
    /** JPEG, also CMYK and progressive. */
    JPEG("jpeg"),
    /** WebP, lossy and lossless. */
    WEBP("webp");

    private final String readerName;

    PictureFormat(String readerName) {
        this.readerName = readerName;
    }

    /** What {@code javax.imageio} calls it. */
    String readerName() {
        return readerName;
    }

    /** Recognises a format by the first bytes of a file; the file's name and declared type do not count. */
    static Optional<PictureFormat> recognise(byte[] head) {
        if (starts(head, 0, "\u0089PNG\r\n\032\n")) {
            return Optional.of(PNG);
        }
        if (starts(head, 0, "\u00ff\u00d8\u00ff")) {
            return Optional.of(JPEG);
        }
        if (starts(head, 0, "RIFF") && starts(head, 8, "WEBP")) {
            return Optional.of(WEBP);
        }
        return Optional.empty();
    }

    /** What a file that is none of ours looks like, for the message to whoever sent it. */
    static String guess(byte[] head) {
        if (head.length == 0) {
            return "an empty file";
        }
        if (starts(head, 0, "GIF8")) {
            return "a GIF";
        }
        if (starts(head, 0, "BM")) {
            return "a BMP";
        }
        if (starts(head, 0, "II*\0") || starts(head, 0, "MM\0*")) {
            return "a TIFF";
        }
        if (starts(head, 4, "ftypavif") || starts(head, 4, "ftypavis")) {
            return "an AVIF";
        }
        if (starts(head, 4, "ftyphei") || starts(head, 4, "ftypmif1")) {
            return "a HEIC";
        }
        if (starts(head, 4, "ftyp")) {
            return "a video";
        }
        if (starts(head, 0, "\u00ff\n") || starts(head, 4, "JXL ")) {
            return "a JPEG XL";
        }
        if (starts(head, 0, "%PDF")) {
            return "a PDF";
        }
        return starts(head, 0, "<") || starts(head, 0, "{") ? "a text" : "something else";
    }

    private static boolean starts(byte[] head, int at, String latin1) {
        byte[] wanted = latin1.getBytes(StandardCharsets.ISO_8859_1);
        if (head.length < at + wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (head[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
