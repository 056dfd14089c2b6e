package dev.auspex.gateway.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A header of the form {@code value; name=text; name="text"}, as Content-Type and Content-Disposition have it (RFC 9110
 * §5.6.6, RFC 7578 §4.2). Immutable.
 *
 * @param value what stands before the first semicolon, in lower case
 * @param parameters by lower-case name
 */
record HeaderParameters(String value, Map<String, String> parameters) {

    HeaderParameters {
        parameters = Map.copyOf(parameters);
    }

    /** @throws MalformedMultipartException if it has another form or a parameter twice */
    static HeaderParameters parse(String header) throws MalformedMultipartException {
        int end = header.indexOf(';');
        String value = (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        Map<String, String> parameters = new HashMap<>();
        int at = end;
        while (at >= 0 && at < header.length()) {
            at = new Parser(header, at + 1).next(parameters);
        }
        return new HeaderParameters(value, parameters);
    }

    /** The parameter of that name. */
    Optional<String> get(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /**
     * The file name: {@code filename*} (RFC 8187) where there is one, because it says its charset, else {@code filename}
     * with the one escape that browsers put into names (WHATWG HTML, "multipart form data").
     *
     * @throws MalformedMultipartException if the extended form cannot be decoded
     */
    Optional<String> filename() throws MalformedMultipartException {
        String extended = parameters.get("filename*");
        if (extended != null) {
            return Optional.of(decodeExtended(extended));
        }
        return get("filename").map(name -> name.replace("%22", "\""));
    }

    private static String decodeExtended(String text) throws MalformedMultipartException {
        String[] parts = text.split("'", 3);
        Charset charset = parts.length == 3 ? charset(parts[0]) : null;
        if (charset == null) {
            throw new MalformedMultipartException("filename* is not of the form UTF-8''name");
        }
        ByteBuffer bytes = ByteBuffer.allocate(parts[2].length());
        for (int i = 0; i < parts[2].length(); i++) {
            char c = parts[2].charAt(i);
            if (c == '%') {
                int high = digit(parts[2], i + 1);
                int low = digit(parts[2], i + 2);
                if (high < 0 || low < 0) {
                    throw new MalformedMultipartException("filename* has an incomplete escape");
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else if (c > ' ' && c < 127) {
                bytes.put((byte) c);
            } else {
                throw new MalformedMultipartException("filename* holds a character that has to be escaped");
            }
        }
        try {
            return charset.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMultipartException("filename* is not valid " + charset);
        }
    }

    private static int digit(String text, int at) {
        return at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    }

    private static @Nullable Charset charset(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "UTF-8" -> StandardCharsets.UTF_8;
            case "ISO-8859-1" -> StandardCharsets.ISO_8859_1;
            default -> null;
        };
    }

    /** Reads one parameter. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text, int at) {
            this.text = text;
            this.at = at;
        }

        /** @return where the next semicolon is, or the end */
        int next(Map<String, String> into) throws MalformedMultipartException {
            skipBlanks();
            int begin = at;
            while (at < text.length() && text.charAt(at) != '=' && text.charAt(at) != ';') {
                at++;
            }
            String name = text.substring(begin, at).strip().toLowerCase(Locale.ROOT);
            if (name.isEmpty() && (at == text.length() || text.charAt(at) == ';')) {
                return at; // an empty parameter, as in "a; ; b=c"
            }
            if (at == text.length() || text.charAt(at) != '=' || name.isEmpty()) {
                throw new MalformedMultipartException("a header parameter has no value");
            }
            at++;
            skipBlanks();
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
            if (into.putIfAbsent(name, value) != null) {
                throw new MalformedMultipartException("a header parameter is given twice");
            }
            return at;
        }

        // Only \" and \\ are escapes: old browsers send whole Windows paths with single backslashes.
        private String quoted() throws MalformedMultipartException {
            StringBuilder value = new StringBuilder();
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                char c = text.charAt(at);
                boolean escape = c == '\\'
                        && at + 1 < text.length()
                        && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\');
                value.append(escape ? text.charAt(++at) : c);
                at++;
            }
            if (at == text.length()) {
                throw new MalformedMultipartException("a quoted header parameter does not end");
            }
            at++;
            skipBlanks();
            if (at < text.length() && text.charAt(at) != ';') {
                throw new MalformedMultipartException("text follows a quoted header parameter");
            }
            return value.toString();
        }

        private String token() {
            int begin = at;
            while (at < text.length() && text.charAt(at) != ';') {
                at++;
            }
            return text.substring(begin, at).strip();
        }

        private void skipBlanks() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }
    }
}
