package dev.auspex.executor.video;

import java.nio.file.Path;
import java.util.List;

/**
 * A video from a client, and how ffmpeg is told to read it: this one file, never what it may name (playlists, addresses), and
 * no frames that take too much memory.
 *
 * @param ffmpeg the executable
 * @param path where the video is
 * @param maxSide the longest side of a frame that is taken
 */
public record VideoFile(Path ffmpeg, Path path, int maxSide) {

    /** Containers that hold their streams themselves. */
    private static final String FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,ivf,h264,hevc";

    /** Options of ffmpeg that name it as the input. */
    List<String> input() {
        long pixels = (long) maxSide * maxSide;
        return List.of("-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-max_pixels", Long.toString(pixels), "-i", "file:" + path);
    }
}
