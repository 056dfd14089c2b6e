package dev.auspex.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A disk with less room than the reserve: every disk, because the reserve is larger than any. */
@ExtendWith(KafkaExtension.class)
class DiskFullIT {

    @Test
    void shouldTakeNothingNewButGoOnReadingAndCancelingWhenTheDiskIsNearlyFull(KafkaClients kafka, Topics topics)
            throws Exception {
        RunningGateway.publish(kafka, topics, TestModels.ECHO);
        try (RunningGateway gateway = RunningGateway.start(kafka, topics, Map.of("disk.reserve", "1024TiB"))) {
            HttpResponse<String> created = gateway.post(
                    "/v1/predictions",
                    "{\"version\":\"" + TestModels.ECHO.latest().id() + "\",\"input\":{\"prompt\":\"hello\"}}");
            assertThat(created.statusCode()).as(created.body()).isEqualTo(507);
            assertThat(created.body()).contains("storage-full").contains("no room left");
            assertThat(gateway.post("/v1/files", "").statusCode()).isEqualTo(507);

            assertThat(gateway.get("/v1/models").statusCode()).isEqualTo(200);
            // Unknown here, but not refused for want of room.
            assertThat(gateway.post("/v1/predictions/01m7yksdqefxzss4a1egf83c7d/cancel", "").statusCode()).isEqualTo(404);
            assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200);
        }
    }
}
