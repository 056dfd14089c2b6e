package dev.auspex.protocol;

/**
 * The form of an id: its length and which ASCII characters it has, at the ends and between. A table instead of a regular
 * expression, because several ids of every record are checked on every read. Immutable; safe for any thread.
 */
final class IdForm {

    /** Upper and lower case letters and digits. */
    static final String LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** Lower case letters and digits. */
    static final String LOWER_CASE_AND_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static final int ASCII = 128;

    private final int min;
    private final int max;
    private final boolean[] edge;
    private final boolean[] inner;

    /**
     * @param min fewest characters, at least one
     * @param max most characters
     * @param edge what may stand first and last
     * @param between what else may stand between
     */
    IdForm(int min, int max, String edge, String between) {
        this.min = min;
        this.max = max;
        this.edge = table(edge);
        this.inner = table(edge + between);
    }

    /** Whether the text has the form. */
    boolean fits(String text) {
        int length = text.length();
        if (length < min || length > max || !has(edge, text.charAt(0)) || !has(edge, text.charAt(length - 1))) {
            return false;
        }
        for (int i = 1; i < length - 1; i++) {
            if (!has(inner, text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean has(boolean[] table, char c) {
        return c < ASCII && table[c];
    }

    private static boolean[] table(String characters) {
        boolean[] table = new boolean[ASCII];
        characters.chars().forEach(c -> table[c] = true);
        return table;
    }
}
