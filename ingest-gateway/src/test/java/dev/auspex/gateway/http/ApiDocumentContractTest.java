package dev.auspex.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.gateway.GatewayFixture;
import dev.auspex.gateway.files.DiskReserve;
import dev.auspex.gateway.kafka.AccessFollower;
import dev.auspex.gateway.kafka.CatalogueFollower;
import dev.auspex.gateway.kafka.DeploymentFollower;
import dev.auspex.gateway.kafka.RecordSender;
import dev.auspex.gateway.kafka.WorkerFollower;
import dev.auspex.gateway.openapi.ApiDocument;
import dev.auspex.gateway.openapi.Operation;
import dev.auspex.gateway.router.RouterClient;
import dev.auspex.gateway.stream.EventHub;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.LocalFileStore;
import dev.auspex.runtime.http.InternalAccess;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document, the routes and the page belong together. */
class ApiDocumentContractTest {

    private static final ApiDocument DOCUMENT = ApiDocument.load();
    /** Mounted for all methods and passed on to the dispatcher, which knows what is below them. */
    private static final List<String> PASSED_ON =
            List.of("/v1/webhooks/deliveries", "/v1/webhooks/endpoints", "/v1/predictions/{id}/deliveries");
    /** Another address of an operation that is documented elsewhere. */
    private static final Set<String> ALIASES = Set.of("GET /v1/files/{token}", "GET /v1/openapi.json");

    @TempDir
    private Path folder;

    @Test
    void shouldDescribeEveryRouteAndMountEveryOperation() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Set<String> mounted = new TreeSet<>();
            for (Route route : routes(vertx).getRoutes()) {
                if (route.methods() != null && route.getName() != null) {
                    String path = route.getName().replaceAll(":(\\w+)", "{$1}");
                    route.methods().stream().map(HttpMethod::name).forEach(method -> mounted.add(method + " " + path));
                }
            }
            Set<String> documented = new TreeSet<>();
            for (Operation operation : DOCUMENT.operations()) {
                if (PASSED_ON.stream().noneMatch(operation.path()::startsWith)) {
                    documented.add(operation.method() + " " + operation.path());
                }
            }
            mounted.removeAll(ALIASES);
            assertThat(mounted).isEqualTo(documented);
        } finally {
            vertx.close().await();
        }
    }

    private Router routes(Vertx vertx) throws Exception {
        ServiceContext context = GatewayFixture.context(
                vertx, Clock.systemUTC(), new LocalFileStore(folder, Clock.systemUTC()),
                Map.of("data", folder.toString(), "tokens", "alice=r8_alice"));
        KafkaClients kafka = context.kafka();
        GatewayParts parts = new GatewayParts(
                context,
                new CatalogueFollower(kafka, context.topics()),
                new DeploymentFollower(kafka, context.topics()),
                new AccessFollower(kafka, context.topics()),
                new RecordSender(kafka, List.of(), 1, 1),
                new RouterClient(vertx, List.of("http://127.0.0.1:1"),
                        new InternalAccess(context.secret(), "router"), Duration.ofSeconds(1), 1),
                new EventHub(context),
                new BaseUrl(context.settings()));
        return new ApiRouter(parts, new WorkerFollower(context), List::of, new DiskReserve(vertx, folder, 0)).routes();
    }

    @Test
    void shouldBeWholeWhenItIsRead() throws Exception {
        JsonNode root = Json.parse(DOCUMENT.bytes());
        assertThat(root.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(root.path("paths").findParents("parameters"))
                .as("Swagger UI shows parameters of operations only").allMatch(said -> said.has("operationId"));
        Set<String> tags = new HashSet<>(root.path("tags").findValuesAsText("name"));
        for (JsonNode reference : root.findValues("$ref")) {
            assertThat(root.at(reference.asText().substring(1)).isMissingNode()).as(reference.asText()).isFalse();
        }
        List<String> ids = new ArrayList<>();
        for (Operation operation : DOCUMENT.operations()) {
            JsonNode said = operation.description();
            ids.add(said.path("operationId").asText());
            assertThat(said.path("summary").asText()).as(operation.pointer()).isNotBlank();
            assertThat(said.path("responses").properties()).as(operation.pointer()).isNotEmpty();
            assertThat(tags).as(operation.pointer()).contains(said.at("/tags/0").asText());
            assertThat(variables(operation)).as(operation.pointer()).isEqualTo(named(operation));
        }
        assertThat(ids).doesNotContain("").doesNotHaveDuplicates();
    }

    private static Set<String> variables(Operation operation) {
        Matcher matcher = Pattern.compile("\\{(\\w+)}").matcher(operation.path());
        return matcher.results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    private static Set<String> named(Operation operation) {
        return operation.parameters().stream()
                .filter(parameter -> parameter.path("in").asText().equals("path"))
                .map(parameter -> parameter.path("name").asText())
                .collect(Collectors.toSet());
    }

    @Test
    void shouldNameTheEventsThatThereAre() {
        JsonNode events = DOCUMENT.at("/components/schemas/WebhookEventsFilter/items/enum");

        assertThat(events).extracting(JsonNode::asText).containsExactlyInAnyOrderElementsOf(
                Arrays.stream(WebhookEvent.values()).map(WebhookEvent::wireName).toList());
    }

    @Test
    void shouldServeAPageThatLoadsNothingFromElsewhere() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(Vertx.vertx(), new DocsRoutes(DOCUMENT)::mount)) {
            String page = body(gateway.url() + "/docs", 200);
            Matcher links = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page);
            List<String> found = links.results().map(link -> link.group(1)).toList();
            assertThat(found).hasSize(4).allMatch(link -> link.startsWith("docs/"));
            for (String link : found) {
                assertThat(body(gateway.url() + "/" + link, 200)).as(link).isNotEmpty();
            }
            assertThat(body(gateway.url() + "/docs/swagger-ui.js.map", 404)).contains("could not be found");
            assertThat(Json.parse(body(gateway.url() + "/openapi.json", 200).getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .isEqualTo(Json.parse(DOCUMENT.bytes()));
        }
    }

    private static String body(String address, int status) throws Exception {
        try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20)).build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(address).isEqualTo(status);
            return response.body();
        }
    }
}
