package dev.auspex.gateway.files;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a file that a request asks for with {@code Range} (RFC 9110 §14.2).
 *
 * @param first offset of the first byte
 * @param length how many bytes
 */
record ByteRange(long first, long length) {

    private static final Pattern SINGLE = Pattern.compile("bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})", Pattern.CASE_INSENSITIVE);

    /** A range that names nothing of the file: 416. */
    static final class UnsatisfiableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnsatisfiableException() {
            super("the range lies outside the file", null, false, false);
        }
    }

    /**
     * Reads one range. A header that asks for several, in other units or in no known form is to be ignored, so it gives
     * nothing.
     *
     * @param size of the file
     */
    static Optional<ByteRange> parse(String header, long size) throws UnsatisfiableException {
        Matcher matcher = SINGLE.matcher(header.strip());
        if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (matcher.group(1).isEmpty()) {
            long last = Math.min(size, Long.parseLong(matcher.group(2)));
            return satisfiable(last > 0, new ByteRange(size - last, last));
        }
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(matcher.group(2)));
        if (!matcher.group(2).isEmpty() && Long.parseLong(matcher.group(2)) < first) {
            return Optional.empty();
        }
        return satisfiable(first < size, new ByteRange(first, last - first + 1));
    }

    private static Optional<ByteRange> satisfiable(boolean satisfiable, ByteRange range)
            throws UnsatisfiableException {
        if (!satisfiable) {
            throw new UnsatisfiableException();
        }
        return Optional.of(range);
    }

    /** The value of {@code Content-Range}. */
    String contentRange(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}
