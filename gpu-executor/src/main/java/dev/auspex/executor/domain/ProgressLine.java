package dev.auspex.executor.domain;

/**
 * Progress as a log line in tqdm's form, {@code  42%|████▏     | 42/100}: clients read their progress bar from the last
 * such line.
 */
public final class ProgressLine {

    private static final int WIDTH = 10;

    private ProgressLine() {}

    /** @param fraction 0 to 1 */
    public static String of(double fraction) {
        int percent = (int) Math.floor(clamp(fraction) * 100);
        int full = percent * WIDTH / 100;
        StringBuilder line = new StringBuilder(32);
        line.append(percent < 10 ? "  " : percent < 100 ? " " : "").append(percent).append("%|");
        line.repeat("█", full).repeat(" ", WIDTH - full);
        return line.append("| ").append(percent).append("/100").toString();
    }

    /** The nearest number from 0 to 1; 0 for what is not a number. */
    public static double clamp(double fraction) {
        return fraction > 0 ? Math.min(fraction, 1) : 0;
    }
}
