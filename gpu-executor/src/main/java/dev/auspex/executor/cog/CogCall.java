package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One prediction in a Cog server that is ready, from handing it over to its end. One job, the slot's working thread. */
final class CogCall {

    private static final Logger LOG = LoggerFactory.getLogger(CogCall.class);
    private static final List<String> EVENTS = List.of("start", "output", "logs", "completed");
    /** How soon a cancellation is seen. */
    private static final long POLL_MILLIS = 50;
    private static final Duration BUSY_PAUSE = Duration.ofMillis(200);
    private static final Duration WATCH = Duration.ofSeconds(1);
    private static final int MOST_SILENT = 3;

    private final CogServer server;
    private final CogServer.Ready ready;
    private final CogJob job;
    private final CogReport report;
    private final Limits limits;
    private final BlockingQueue<Told> inbox = new LinkedBlockingQueue<>();
    private int silent;
    private long idleSince;
    private long watchAt;

    /**
     * How long things may take.
     *
     * @param stop for a model that was told to stop
     * @param idle for the last webhook of a server that says it is idle
     */
    record Limits(Duration stop, Duration idle) {}

    /** What comes from the server. */
    private sealed interface Told {}

    private record Hook(JsonNode body) implements Told {}

    private record Event(String name, JsonNode data, int logIndex) implements Told {}

    private record StreamEnd() implements Told {}

    /** @param ready what the server said of itself a moment ago */
    CogCall(CogServer server, CogServer.Ready ready, CogJob job, Limits limits) throws IOException {
        this.server = server;
        this.ready = ready;
        this.job = job;
        this.limits = limits;
        this.report = new CogReport(
                job.context(),
                ready.schema().isIterator(),
                new CogOutputs(ready.schema(), server.place().listener().uploads(), job.context().workFolder()));
    }

    /**
     * Runs it.
     *
     * @return the output as {@link dev.auspex.model.Predictor#predict} gives it
     * @throws ModelException if the model or the input is to blame
     * @throws CogException if the server is
     * @throws CanceledException if it has stopped because somebody asked
     */
    @Nullable Object run() throws ModelException, CogException, CanceledException, IOException, InterruptedException {
        try (CogListener.Post post = server.place().listener().open(body -> inbox.add(new Hook(body)))) {
            ObjectNode body = body(post);
            boolean stream = ready.health().streams() && ready.schema().isIterator();
            server.running().incrementAndGet();
            try {
                submit(body, stream);
                job.calls().begun().run();
                // A look while it surely runs tells whether this server runs one at a time.
                watchAt = System.nanoTime() + (server.oneAtATime() ? WATCH.toNanos() : 0);
                return follow(body);
            } finally {
                server.running().decrementAndGet();
            }
        }
    }

    private ObjectNode body(CogListener.Post post) throws ModelException {
        ObjectNode body = Json.object().put("id", job.id());
        body.set("input", new CogInputs(ready.schema(), job.files(), post).localize(job.input()));
        body.put("webhook", post.webhookUrl());
        ArrayNode filter = body.putArray("webhook_events_filter");
        EVENTS.forEach(filter::add);
        return body;
    }

    private void submit(ObjectNode body, boolean stream)
            throws ModelException, CogException, CanceledException, InterruptedException {
        int broken = 0;
        while (report.end() == null) {
            job.checkBeforeStart();
            try {
                if (stream ? streamed(body) : handedOver(body)) {
                    return;
                }
            } catch (NoStreamException plain) {
                stream = false;
                continue;
            } catch (IOException e) {
                // The same id again is safe while it runs; whether it came in before is seen by that.
                if (++broken >= MOST_SILENT) {
                    throw new CogException("the model's Cog server did not take the prediction", false, e);
                }
            }
            Thread.sleep(BUSY_PAUSE);
            drain();
        }
    }

    /** @return whether the server has it; else it is busy */
    private boolean handedOver(ObjectNode body) throws IOException, ModelException, CogException, InterruptedException {
        CogClient.Answer answer = server.client().submit(ready.address(), job.id(), body);
        boolean taken = isTaken(answer.code(), answer.body());
        if (taken) {
            report.take(Snapshot.of(answer.body()));
        }
        return taken;
    }

    private boolean isTaken(int code, JsonNode body) throws ModelException, CogException {
        return switch (code) {
            case 200, 202 -> true;
            case 409, 503 -> false; // another one has its slot, or it is being set up again
            case 400, 413, 422 -> throw new ModelException(refusal(body));
            default -> throw new CogException("the model's Cog server answered with " + code, false, null);
        };
    }

    /** Says that a server has no events for this model. */
    private static final class NoStreamException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private boolean streamed(ObjectNode body)
            throws IOException, NoStreamException, ModelException, CogException, InterruptedException {
        HttpResponse<InputStream> response = server.client().stream(ready.address(), job.id(), body);
        boolean events = response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
        if (response.statusCode() == 200 && events) {
            Thread unused = Thread.ofVirtual().name("cog-stream").start(() -> pump(response.body()));
            return true;
        }
        try (InputStream content = response.body()) {
            JsonNode answer = CogClient.json(content.readNBytes(1 << 20));
            if (response.statusCode() == 406) {
                throw new NoStreamException();
            }
            boolean taken = isTaken(response.statusCode(), answer);
            if (taken) {
                report.take(Snapshot.of(answer));
            }
            return taken;
        }
    }

    private void pump(InputStream stream) {
        int[] logs = {0};
        try {
            CogStream.read(stream, (name, data) -> inbox.add(new Event(name, data, name.equals("log") ? logs[0]++ : 0)));
        } catch (IOException broken) {
            LOG.atDebug().setCause(broken).log("a Cog server's stream broke");
        }
        inbox.add(new StreamEnd());
    }

    private @Nullable Object follow(ObjectNode body)
            throws ModelException, CogException, CanceledException, InterruptedException {
        long canceledAt = 0;
        Snapshot end = report.end();
        for (; end == null; end = report.end()) {
            Told told = inbox.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (told != null) {
                handle(told, body);
                continue;
            }
            if (job.context().isCanceled()) {
                if (canceledAt == 0) {
                    canceledAt = System.nanoTime();
                    cancel();
                }
                if (System.nanoTime() - canceledAt > limits.stop().toNanos()) {
                    kill();
                }
            }
            watch(canceledAt != 0);
        }
        if (end.status().equals("failed") && server.place().loosen(end.error() + end.logs())) {
            throw new CogException("the model could not write to its own files; next time it can", false, null);
        }
        return report.finish();
    }

    private void drain() throws ModelException {
        for (Told told = inbox.poll(); told != null; told = inbox.poll()) {
            if (told instanceof Hook(JsonNode snapshot)) {
                report.take(Snapshot.of(snapshot));
            }
        }
    }

    private void handle(Told told, ObjectNode body) throws ModelException, InterruptedException {
        silent = 0;
        idleSince = 0;
        switch (told) {
            case Hook(JsonNode snapshot) -> report.take(Snapshot.of(snapshot));
            case Event event -> report.event(event.name(), event.data(), event.logIndex());
            case StreamEnd end -> rejoin(body);
        }
    }

    // Only while it surely runs: a server that has just ended the prediction would begin it again. The last webhook, which
    // comes beside the stream, tells of its end.
    private void rejoin(ObjectNode body) throws ModelException, InterruptedException {
        if (report.end() != null || job.context().isCanceled()) {
            return;
        }
        try {
            if (server.client().health(ready.address()).status() == CogHealth.Status.BUSY) {
                boolean unused = streamed(body);
            }
        } catch (IOException | NoStreamException | CogException e) {
            LOG.atDebug().setCause(e).log("a Cog server's stream was not joined again");
        }
    }

    private void cancel() throws CanceledException, InterruptedException {
        try {
            boolean unused = server.client().cancel(ready.address(), job.id());
        } catch (IOException e) {
            LOG.atInfo().addKeyValue("server", server.place().name()).addKeyValue("cause", e.toString()).log("cancellation not answered");
        }
        if (job.calls().abandoned().getAsBoolean()) {
            throw new CanceledException();
        }
    }

    /** It does not stop: its server is ended. */
    private void kill() throws ModelException, CanceledException, InterruptedException {
        LOG.atWarn().addKeyValue("server", server.place().name()).log("model does not stop: its Cog server is ended");
        if (server.kill()) {
            throw new CanceledException();
        }
        throw new ModelException("the model was told to stop and did not, nor did its Cog server end");
    }

    /** Looks after the server now and then: what it does not say by itself is seen here. */
    private void watch(boolean canceled) throws CogException, CanceledException, InterruptedException {
        if (System.nanoTime() - watchAt < 0) {
            return;
        }
        CogHealth health;
        try {
            health = server.client().health(ready.address());
            silent = 0;
        } catch (IOException e) {
            silent += e instanceof ConnectException ? 2 : 1; // nobody listens, or nobody answers
            String how = server.place().ended().map(CogPlace.End::how).orElse(null);
            if (how != null || silent >= MOST_SILENT) {
                throw lost(canceled, how, e);
            }
            return;
        } finally {
            watchAt = System.nanoTime() + WATCH.toNanos();
        }
        server.seen(health);
        switch (health.status()) {
            case DEFUNCT, STARTING, SETUP_FAILED -> throw lost(canceled, null, null);
            case READY -> idle();
            case BUSY, UNHEALTHY, UNKNOWN -> idleSince = 0;
        }
    }

    // With several slots an idle server looks like one that works in another slot.
    private void idle() throws CogException {
        long now = System.nanoTime();
        if (!server.oneAtATime()) {
            return;
        }
        if (idleSince == 0) {
            idleSince = now;
        } else if (now - idleSince > limits.idle().toNanos()) {
            throw new CogException("the model's Cog server ended the prediction and did not say how", false, null);
        }
    }

    private CogException lost(boolean canceled, @Nullable String how, @Nullable IOException cause)
            throws CanceledException, InterruptedException {
        LOG.atWarn().addKeyValue("server", server.place().name()).addKeyValue("cause", how == null ? String.valueOf(cause) : how).log("Cog server lost while it ran a prediction");
        boolean gone = server.kill();
        if (canceled && gone) {
            throw new CanceledException();
        }
        return new CogException(
                "the model's Cog server ended while it ran the prediction" + (how == null ? "" : ": " + how), true, cause);
    }

    /** What is wrong with the input, from the forms that Cog's servers give it. */
    private static String refusal(JsonNode body) {
        JsonNode detail = body.path("detail");
        if (detail.isArray() && !detail.isEmpty()) {
            return StreamSupport.stream(detail.spliterator(), false).map(CogCall::problem).collect(Collectors.joining("\n"));
        }
        for (JsonNode text : List.of(detail, body.path("error"), body)) {
            if (text.isTextual() && !text.textValue().isBlank()) {
                return "the model refused the input: " + text.textValue().strip();
            }
        }
        return "the model refused the input";
    }

    private static String problem(JsonNode one) {
        String where = StreamSupport.stream(one.path("loc").spliterator(), false)
                .map(JsonNode::asText)
                .filter(part -> !part.equals("body"))
                .collect(Collectors.joining("."));
        return (where.isEmpty() ? "input" : where) + ": " + one.path("msg").asText("refused");
    }
}
