package dev.auspex.executor.video;

import java.util.Set;

/**
 * A stream of sound in a video file.
 *
 * @param index its number among all streams of the file
 * @param codec what ffmpeg calls its format, such as {@code aac}
 */
public record SoundStream(int index, String codec) {

    /** What an mp4 file may hold and players know. */
    private static final Set<String> PLAYABLE = Set.of("aac", "mp3", "ac3", "eac3", "alac", "flac", "opus");

    /** Whether it can be in an mp4 file as it is. */
    boolean fitsMp4() {
        return PLAYABLE.contains(codec);
    }
}
