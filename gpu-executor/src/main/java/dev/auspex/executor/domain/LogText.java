package dev.auspex.executor.domain;

/** The log of one attempt: lines, up to a limit, then a note once. Not thread-safe. */
public final class LogText {

    /** The most characters kept; more would crowd the terminal event. */
    public static final int LIMIT = 256 * 1024;

    private static final String CUT = "[log cut here: more than " + LIMIT / 1024 + " KiB]\n";

    private final StringBuilder text = new StringBuilder();
    private boolean cut;

    /** Adds a line; its line end is added if missing. */
    public void line(String line) {
        if (cut) {
            return;
        }
        if (text.length() + line.length() + 1 > LIMIT - CUT.length()) {
            cut = true;
            text.append(CUT);
            return;
        }
        text.append(line);
        if (!line.endsWith("\n")) {
            text.append('\n');
        }
    }

    /** Characters so far. */
    public int length() {
        return text.length();
    }

    /** What came after the first {@code offset} characters. */
    public String from(int offset) {
        return text.substring(offset);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
