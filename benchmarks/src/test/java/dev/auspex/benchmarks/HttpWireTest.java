package dev.auspex.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpWireTest {

    private static final String RESPONSE =
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"id\":\"a\"}";

    private final List<HttpWire.Message> messages = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final HttpWire wire = new HttpWire(messages::add, problems::add);

    @Test
    void shouldFindEveryMessageWhenTheyComeTogether() {
        wire.handle(Buffer.buffer(RESPONSE + RESPONSE + RESPONSE));

        assertThat(messages).hasSize(3).allSatisfy(HttpWireTest::isTheResponse);
    }

    @Test
    void shouldFindTheMessageWhenItComesByteByByte() {
        for (byte b : (RESPONSE + RESPONSE).getBytes(StandardCharsets.US_ASCII)) {
            wire.handle(Buffer.buffer(new byte[] {b}));
        }

        assertThat(messages).hasSize(2).allSatisfy(HttpWireTest::isTheResponse);
    }

    @Test
    void shouldReadTargetAndHeadersWhenItIsARequest() {
        wire.handle(Buffer.buffer("POST /hook/3 HTTP/1.1\r\nHost: x\r\nWebhook-Id:  msg_1 \r\ncontent-length: 2\r\n\r\n{}"));

        assertThat(messages).singleElement().satisfies(message -> {
            assertThat(message.target()).isEqualTo("/hook/3");
            assertThat(message.header("webhook-id")).isEqualTo("msg_1");
            assertThat(message.header("webhook")).isNull();
            assertThat(message.body()).asString().isEqualTo("{}");
        });
    }

    @Test
    void shouldComplainWhenTheBodyIsFramedAnotherWay() {
        wire.handle(Buffer.buffer("HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n"));

        assertThat(problems).hasSize(1);
        assertThat(messages).isEmpty();
    }

    private static void isTheResponse(HttpWire.Message message) {
        assertThat(message.status()).isEqualTo(201);
        assertThat(message.header("content-type")).isEqualTo("application/json");
        assertThat(message.body()).asString().isEqualTo("{\"id\":\"a\"}");
    }
}
