package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.system.Api.Reply;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar of examples/model-example, dropped into the data folder of an Auspex. */
class ModelJarIT {

    @TempDir
    private Path data;

    @Test
    void shouldServeAModelWhenItsJarIsInTheFolderOfModels() throws Exception {
        Files.copy(jar(), Files.createDirectories(data.resolve("models")).resolve("polaroid.jar"));
        Path photo = TestPhoto.jpeg(data, 320, 200);
        String picture = "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(photo));

        try (RunningAuspex auspex = RunningAuspex.start(Launch.on("model-jar", data))) {
            Api api = auspex.api("acme");
            JsonNode schema = api.get("/v1/models/auspex/polaroid").json()
                    .at("/latest_version/openapi_schema/components/schemas/Input/properties");
            assertThat(schema.at("/width/maximum").asInt()).as(schema.toString()).isEqualTo(4096);
            Reply refused = post(api, "{\"input\":{\"picture\":\"" + picture + "\",\"width\":5}}");
            assertThat(refused.status()).as(refused.text()).isEqualTo(422);

            JsonNode done = post(api, "{\"input\":{\"picture\":\"" + picture + "\",\"width\":200,\"tone\":\"sepia\"}}").json();

            assertThat(done.path("status").asText()).as(done.toString()).isEqualTo("succeeded");
            assertThat(done.path("logs").asText()).startsWith("200 x ");
            assertThat(done.at("/metrics/pixels").asLong()).isEqualTo(200 * 133);
            String path = URI.create(done.path("output").asText()).getPath();
            BufferedImage result = ImageIO.read(new ByteArrayInputStream(api.get(path).body()));
            assertThat(result.getWidth()).isEqualTo(200);
            assertThat(result.getRGB(0, 0)).as("the frame is white").isEqualTo(0xFFFFFFFF);
        }
    }

    private static Reply post(Api api, String body) throws Exception {
        return api.send(
                "POST", "/v1/models/auspex/polaroid/predictions",
                Map.of("content-type", "application/json", "prefer", "wait"), BodyPublishers.ofString(body));
    }

    private static Path jar() throws Exception {
        Path built = Repository.root().resolve("examples/model-example/target");
        try (Stream<Path> files = Files.list(built)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
            assertThat(jars).as("what the build made in %s", built).hasSize(1);
            return jars.getFirst();
        }
    }
}
