package dev.auspex.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.PredictionJson;
import dev.auspex.protocol.topic.SnapshotHeaders;
import dev.auspex.protocol.topic.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How fast a replay reads and submits: fills the snapshots of an Auspex of its own with failed predictions of a class that
 * nobody serves, replays all of them through the API and reads its times off the replay object.
 */
@Command(name = "replay", mixinStandardHelpOptions = true, description = "Measures a replay on a freshly started Auspex.")
final class ReplayBench implements Callable<Integer> {

    private static final HardwareClass PARKED = new HardwareClass("parked");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(names = "--count", defaultValue = "200000", description = "How many predictions (${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--prompt", defaultValue = "400", description = "Characters of each input (${DEFAULT-VALUE}).")
    private int prompt;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "How often they are replayed; the first round runs in a process that has just begun"
                    + " (${DEFAULT-VALUE}).")
    private int rounds;

    @Override
    public Integer call() throws Exception {
        String launcher = System.getenv("AUSPEX_LAUNCHER");
        if (launcher == null || count < 1 || prompt < 0 || rounds < 1) {
            throw new ParameterException(spec.commandLine(), "run this as ./auspex bench replay, with counts above zero");
        }
        say("starting an Auspex of its own");
        try (OwnInstallation own = OwnInstallation.start(Path.of(launcher))) {
            ServerProbe probe = new ServerProbe(own);
            JsonNode model = probe.ask("/v1/models/" + OwnInstallation.PARKED_MODEL, null);
            say("writing " + count + " failed predictions");
            fill(own.kafka(), new VersionId(model.at("/latest_version/id").asText()));
            say("replaying");
            int worst = 0;
            for (int round = 0; round < rounds; round++) {
                worst = Math.max(worst, report(replay(probe, round > 0)));
            }
            return worst;
        }
    }

    private static JsonNode replay(ServerProbe probe, boolean again) throws IOException, InterruptedException {
        JsonNode replay = probe.ask("/v1/replays", "{\"again\": " + again + "}");
        String path = "/v1/replays/" + replay.path("id").asText();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!replay.has("completed_at") && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(250);
            replay = probe.ask(path, null);
        }
        return replay;
    }

    private int report(JsonNode replay) {
        PrintWriter out = spec.commandLine().getOut();
        long submitted = replay.at("/counts/submitted").asLong();
        if (!replay.path("status").asText().equals("succeeded") || submitted != count) {
            out.println("NOT CLEAN: " + replay);
            out.flush();
            return 1;
        }
        Duration time = Duration.between(
                Instant.parse(replay.path("started_at").asText()), Instant.parse(replay.path("completed_at").asText()));
        out.printf(Locale.ROOT, "replay: %d read, %d submitted in %.2f s: %.0f jobs/s%n",
                replay.at("/counts/scanned").asLong(), submitted, time.toMillis() / 1e3, submitted * 1e3 / time.toMillis());
        out.flush();
        return 0;
    }

    private void fill(String kafka, VersionId version) {
        MadeJobs jobs = new MadeJobs(
                ModelName.of(OwnInstallation.PARKED_MODEL), version, PARKED, "x".repeat(prompt), new Random(1));
        Topics topics = jobs.topics();
        Instant begin = Instant.now().minus(Duration.ofHours(1));
        try (KafkaProducer<String, byte[]> producer = MadeJobs.producer(kafka)) {
            for (int i = 0; i < count; i++) {
                producer.send(snapshot(topics, jobs.job(begin.plusMillis(i))));
            }
            producer.flush();
        }
    }

    private static ProducerRecord<String, byte[]> snapshot(Topics topics, Job job) {
        Prediction failed = new Prediction(
                job, PredictionStatus.FAILED, null, "CUDA out of memory", "a log\n", job.createdAt(),
                job.createdAt().plusSeconds(1), Json.object().put("predict_time", 1), List.of(), false);
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                topics.predictions(), job.id().value(), PredictionJson.render(failed));
        new SnapshotHeaders(
                        MadeJobs.ACCOUNT, 2, WebhookEvent.COMPLETED, PredictionStatus.FAILED, null, null, PARKED, null)
                .writeTo(record.headers());
        return record;
    }

    private void say(String what) {
        spec.commandLine().getErr().println(what + " …");
    }
}
