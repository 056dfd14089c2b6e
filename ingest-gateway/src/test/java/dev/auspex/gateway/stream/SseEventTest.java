package dev.auspex.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SseEventTest {

    @Test
    void shouldWriteNameIdAndDataWhenTextIsPlain() {
        assertThat(wire(SseEvent.output(1767323045, 7, json("\"a ☃\""))))
                .isEqualTo("event: output\nid: 1767323045:7\ndata: a ☃\n\n");
    }

    @Test
    void shouldWriteSeveralDataLinesWhenTextHasLineEnds() {
        assertThat(wire(SseEvent.output(1, 0, json("\"a\\nb\\r\\nc\\rd\\n\""))))
                .isEqualTo("event: output\nid: 1:0\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
    }

    @Test
    void shouldWriteAnEmptyDataLineWhenTextIsEmpty() {
        assertThat(wire(SseEvent.output(1, 0, json("\"\"")))).isEqualTo("event: output\nid: 1:0\ndata: \n\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"5.0 | 5", "{\"a\" : [1, null]} | {\"a\":[1,null]}", "true | true", "null | null",
        "\"https://api.example.test/files/x/y.png\" | https://api.example.test/files/x/y.png"})
    void shouldWriteCompactJsonWhenTheChunkIsNoText(String chunk, String data) {
        assertThat(wire(SseEvent.output(1, 0, json(chunk)))).isEqualTo("event: output\nid: 1:0\ndata: " + data + "\n\n");
    }

    @Test
    void shouldWriteEveryEndingWhenDone() {
        assertThat(wire(SseEvent.done(1, 2, StreamProgress.Ending.SUCCEEDED)))
                .isEqualTo("event: done\nid: 1:2\ndata: {}\n\n");
        assertThat(wire(SseEvent.done(1, 2, StreamProgress.Ending.CANCELED)))
                .isEqualTo("event: done\nid: 1:2\ndata: {\"reason\":\"canceled\"}\n\n");
        assertThat(wire(SseEvent.done(1, 2, StreamProgress.Ending.FAILED)))
                .isEqualTo("event: done\nid: 1:2\ndata: {\"reason\":\"error\"}\n\n");
        assertThat(wire(SseEvent.error(1, 1, "no \"luck\"\n")))
                .isEqualTo("event: error\nid: 1:1\ndata: {\"detail\":\"no \\\"luck\\\"\\n\"}\n\n");
    }

    private static String wire(SseEvent event) {
        return event.bytes().toString(StandardCharsets.UTF_8);
    }

    private static JsonNode json(String text) {
        try {
            return Json.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
