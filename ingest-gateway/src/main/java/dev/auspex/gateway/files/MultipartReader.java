package dev.auspex.gateway.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code multipart/form-data} (RFC 7578, RFC 2046 §5.1) part by part from a blocking stream, in memory that does not
 * grow with the body. One thread only.
 */
final class MultipartReader {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final int MAX_PARTS = 16;

    private final InputStream body;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    /** No delimiter begins between {@link #start} and here. */
    private int clean;
    private int parts;
    private boolean finished;

    /** @param boundary the parameter of the request's content type */
    MultipartReader(InputStream body, String boundary) {
        this.body = body;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        // The first delimiter need not follow a line end; with one put before it, it looks like all others.
        buffer[0] = '\r';
        buffer[1] = '\n';
        end = 2;
    }

    /** One field of the form. @param content its bytes; readable until the next part is asked for */
    record Part(
            String name, Optional<String> filename, Optional<String> contentType, InputStream content) {}

    /**
     * The next part, after skipping what is left of the one before; {@code null} after the last.
     *
     * @throws MalformedMultipartException if the body is not what its content type says
     */
    @Nullable Part next() throws IOException {
        if (finished) {
            return null;
        }
        skipContent();
        start += delimiter.length;
        clean = start;
        if (isClosing()) {
            finished = true;
            return null;
        }
        if (++parts > MAX_PARTS) {
            throw new MalformedMultipartException("more than " + MAX_PARTS + " parts");
        }
        return part(headers());
    }

    private Part part(Map<String, String> headers) throws MalformedMultipartException {
        String encoding = headers.getOrDefault("content-transfer-encoding", "binary").toLowerCase(Locale.ROOT);
        if (!encoding.equals("binary") && !encoding.equals("8bit") && !encoding.equals("7bit")) {
            throw new MalformedMultipartException("a part has a Content-Transfer-Encoding; send plain bytes");
        }
        String disposition = headers.get("content-disposition");
        if (disposition == null) {
            throw new MalformedMultipartException("a part has no Content-Disposition");
        }
        HeaderParameters parsed = HeaderParameters.parse(disposition);
        Optional<String> name = parsed.get("name");
        if (!parsed.value().equals("form-data") || name.isEmpty()) {
            throw new MalformedMultipartException("a part is not form-data with a name");
        }
        return new Part(
                name.get(), parsed.filename(), Optional.ofNullable(headers.get("content-type")), new Content());
    }

    // After a delimiter: "--" ends the form, else blanks and a line end.
    private boolean isClosing() throws IOException {
        int first = readByte();
        if (first == '-') {
            if (readByte() != '-') {
                throw new MalformedMultipartException("text follows a boundary");
            }
            return true;
        }
        while (first == ' ' || first == '\t') {
            first = readByte();
        }
        if (first != '\r' || readByte() != '\n') {
            throw new MalformedMultipartException("text follows a boundary");
        }
        return false;
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        int budget = MAX_HEADER_BYTES;
        while (true) {
            String line = line(budget);
            if (line.isEmpty()) {
                return headers;
            }
            budget -= line.length();
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new MalformedMultipartException("a part's header has no colon");
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (headers.putIfAbsent(name, line.substring(colon + 1).strip()) != null) {
                throw new MalformedMultipartException("a part's header is given twice");
            }
        }
    }

    private String line(int budget) throws IOException {
        byte[] line = new byte[128];
        int length = 0;
        while (true) {
            int b = readByte();
            if (b == '\r') {
                if (readByte() != '\n') {
                    throw new MalformedMultipartException("a part's header holds a control character");
                }
                return utf8(line, length);
            }
            if (b < ' ' && b != '\t' || b == 127) {
                throw new MalformedMultipartException("a part's header holds a control character");
            }
            if (length >= budget) {
                throw new MalformedMultipartException("a part's headers are longer than " + MAX_HEADER_BYTES + " bytes");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = (byte) b;
        }
    }

    private static String utf8(byte[] line, int length) throws MalformedMultipartException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMultipartException("a part's header is not UTF-8");
        }
    }

    private int readByte() throws IOException {
        if (start == end) {
            fill();
        }
        int b = buffer[start++] & 0xFF;
        clean = Math.max(clean, start);
        return b;
    }

    private void skipContent() throws IOException {
        while (ready() > 0) {
            start = clean;
        }
    }

    /** How many bytes of content are in the buffer; 0 when a delimiter comes next. */
    private int ready() throws IOException {
        while (clean == start) {
            clean = nextDelimiter();
            if (clean == start) {
                if (end - start >= delimiter.length) {
                    return 0;
                }
                fill();
            }
        }
        return clean - start;
    }

    /** Where a delimiter begins in the buffer, whole or as far as has been read; {@link #end} if none does. */
    private int nextDelimiter() {
        for (int i = start; i < end; i++) {
            if (buffer[i] == '\r') {
                int length = Math.min(delimiter.length, end - i);
                if (Arrays.equals(buffer, i, i + length, delimiter, 0, length)) {
                    return i;
                }
            }
        }
        return end;
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        clean = Math.max(0, clean - start);
        end -= start;
        start = 0;
        int read = body.read(buffer, end, buffer.length - end);
        if (read < 0) {
            throw new MalformedMultipartException("the body ends before its closing boundary");
        }
        end += read;
    }

    /** The bytes of the current part. */
    private final class Content extends InputStream {
        private final int part = parts;
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (part != parts || ended) {
                return -1;
            }
            if (length == 0) {
                return 0;
            }
            int ready = ready();
            if (ready == 0) {
                ended = true;
                return -1;
            }
            int count = Math.min(length, ready);
            System.arraycopy(buffer, start, target, offset, count);
            start += count;
            return count;
        }
    }
}
