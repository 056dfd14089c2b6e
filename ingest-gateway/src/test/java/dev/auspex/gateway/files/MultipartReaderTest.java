package dev.auspex.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartReaderTest {

    private static final String HEAD = "Content-Disposition: form-data; name=\"content\"; filename=\"a.bin\"\r\n\r\n";

    @Test
    void shouldGiveEveryPartWhenBodyHasPreambleAndEpilogue() throws IOException {
        String body = "preamble\r\n--b\r\nContent-Disposition: form-data; name=a\r\n\r\none\r\n--b \t\r\n"
                + "content-disposition: FORM-DATA; name=\"b\"; filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\n"
                + "two\r\nlines\r\n--b--\r\nepilogue";
        MultipartReader reader = reader(body, "b");

        MultipartReader.Part first = reader.next();
        assertThat(first.name()).isEqualTo("a");
        assertThat(first.filename()).isEmpty();
        assertThat(first.content().readAllBytes()).asString().isEqualTo("one");
        MultipartReader.Part second = reader.next();
        assertThat(second.filename()).contains("x.txt");
        assertThat(second.contentType()).contains("text/plain");
        assertThat(second.content().readAllBytes()).asString().isEqualTo("two\r\nlines");
        assertThat(reader.next()).isNull();
        assertThat(reader.next()).isNull();
    }

    @Test
    void shouldSkipContentWhenNextPartIsAskedForEarly() throws IOException {
        MultipartReader reader = reader("--b\r\n" + HEAD + "x".repeat(300_000) + "\r\n--b\r\n" + HEAD + "\r\n--b--", "b");

        InputStream skipped = reader.next().content();
        MultipartReader.Part second = reader.next();

        assertThat(second.content().readAllBytes()).isEmpty();
        assertThat(skipped.read()).isEqualTo(-1);
        assertThat(reader.next()).isNull();
    }

    @Test
    void shouldGiveTheSameBytesWhenContentIsFullOfNearBoundariesAndReadsAreShort() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<byte[]> contents = new ArrayList<>();
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int parts = 1 + random.nextInt(4);
            for (int i = 0; i < parts; i++) {
                byte[] content = nearBoundaries(random);
                contents.add(content);
                body.writeBytes(("--bnd\r\n" + HEAD).getBytes(StandardCharsets.US_ASCII));
                body.writeBytes(content);
                body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            body.writeBytes("--bnd--\r\n".getBytes(StandardCharsets.US_ASCII));
            MultipartReader reader = new MultipartReader(new ShortReads(body.toByteArray(), random), "bnd");

            for (byte[] content : contents) {
                assertThat(reader.next().content().readAllBytes()).as("seed %s", seed).isEqualTo(content);
            }
            assertThat(reader.next()).as("seed %s", seed).isNull();
        }
    }

    private static byte[] nearBoundaries(Random random) {
        String[] pieces = {"\r", "\n", "\r\n", "-", "--", "\r\n--", "\r\n--bn", "\r\n--bnx", "--bnd", "\n--bnd--", "x"};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            String piece = pieces[random.nextInt(pieces.length)];
            text.append((text + piece).contains("\r\n--bnd") || ("\r\n" + text + piece).startsWith("\r\n--bnd") ? "y" : piece);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "no boundary at all",
        "--b",
        "--b\r\n",
        "--b-x",
        "--bx\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\nnever ends",
        "--b\r\nContent-Disposition: form-data; name=\"content\"\r\n--b--",
        "--b\r\n\r\nno headers\r\n--b--",
        "--b\r\nContent-Disposition: attachment; name=\"content\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"content\"; name=\"metadata\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"content\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"content\"; filename=\"a\r\nX-Evil: 1\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"content\"; filename=\"a\nX-Evil: 1\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"content\"; filename=\"a\u0000b\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"content\"; filename*=nonsense\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"content\"; filename*=UTF-8''%ff\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"content\"; filename*=UTF-8''%4\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b--"
    })
    void shouldRefuseWhenBodyIsNotWellFormed(String body) {
        assertThatThrownBy(() -> drain(reader(body, "b"))).isInstanceOf(MalformedMultipartException.class);
    }

    @Test
    void shouldRefuseWhenHeadersOrPartsHaveNoEnd() {
        String endless = "--b\r\nContent-Disposition: form-data; name=\"" + "n".repeat(100_000);
        assertThatThrownBy(() -> drain(reader(endless, "b")))
                .isInstanceOf(MalformedMultipartException.class)
                .hasMessageContaining("headers are longer");
        String many = ("--b\r\n" + HEAD + "x\r\n").repeat(17) + "--b--";
        assertThatThrownBy(() -> drain(reader(many, "b")))
                .isInstanceOf(MalformedMultipartException.class)
                .hasMessageContaining("parts");
    }

    @Test
    void shouldNeverFailOtherwiseWhenBytesAreRandom() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] body = ("--b\r\n" + HEAD + "x\r\n--b--\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            try {
                drain(new MultipartReader(new ByteArrayInputStream(body), "b"));
            } catch (MalformedMultipartException refused) {
                // the only failure that is allowed
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void drain(MultipartReader reader) throws IOException {
        for (MultipartReader.Part part = reader.next(); part != null; part = reader.next()) {
            part.content().readAllBytes();
        }
    }

    private static MultipartReader reader(String body, String boundary) {
        return new MultipartReader(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), boundary);
    }

    /** Gives a few bytes at a time, as networks do. */
    private static final class ShortReads extends ByteArrayInputStream {
        private final Random random;

        ShortReads(byte[] bytes, Random random) {
            super(bytes);
            this.random = random;
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 1 + random.nextInt(7)));
        }
    }
}
