package dev.auspex.executor.video;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What ffmpeg says about the file it reads, with {@code -loglevel level+info}: how long it is, which sound is in it, and what is wrong. Lines
 * come on one thread, questions on another.
 */
final class InputReport {

    private static final Pattern SOUND = Pattern.compile("\\[info]\\s+Stream #0:(\\d{1,4})\\S*: Audio: (\\w+).*");
    private static final Pattern DURATION = Pattern.compile("\\[info]\\s+Duration: (\\d{1,5}):(\\d\\d):(\\d\\d)\\..*");
    private static final Pattern FAULT = Pattern.compile("(?:\\[[^]]*] )?\\[(?:error|fatal|panic)] (.*)");

    /** What comes after the description of the input. */
    private static final String DESCRIBED = "[info] Stream mapping:";

    /** ffmpeg has said it before its first frame; it only has to be read. */
    private static final long WAIT_SECONDS = 5;

    private final SortedMap<Integer, String> codecs = new TreeMap<>();
    private volatile @Nullable Duration duration;
    private final CountDownLatch described = new CountDownLatch(1);

    /** Takes a line of the log. @return what is wrong, if that is what it says */
    Optional<String> take(String line) {
        if (described.getCount() > 0) {
            Matcher sound = SOUND.matcher(line);
            Matcher length = DURATION.matcher(line);
            if (length.matches()) {
                duration = Duration.ofHours(Integer.parseInt(length.group(1)))
                        .plusMinutes(Integer.parseInt(length.group(2)))
                        .plusSeconds(Integer.parseInt(length.group(3)));
            } else if (sound.matches() && !sound.group(2).equals("none")) {
                codecs.put(Integer.parseInt(sound.group(1)), sound.group(2));
            } else if (line.startsWith(DESCRIBED)) {
                described.countDown();
            }
        }
        Matcher fault = FAULT.matcher(line);
        return fault.matches() ? Optional.of(fault.group(1)) : Optional.empty();
    }

    /** How long the file claims to be, in whole seconds, once frames come; empty if it does not say. */
    Optional<Duration> duration() throws InterruptedException {
        boolean unused = described.await(WAIT_SECONDS, TimeUnit.SECONDS);
        return Optional.ofNullable(duration);
    }

    /** The streams of sound in the file, once frames come. */
    List<SoundStream> sound() throws InterruptedException {
        if (!described.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
            return List.of();
        }
        return codecs.entrySet().stream().map(stream -> new SoundStream(stream.getKey(), stream.getValue())).toList();
    }
}
