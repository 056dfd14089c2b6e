package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
    private static final int MOST_BROKEN = 3;

    private final CogServer server;
    private final CogJob job;
    private final CogReport report;
    private final Limits limits;
    private final BlockingQueue<Told> inbox = new LinkedBlockingQueue<>();
    private CogServer.Ready ready;
    private CogWatch watch;
    private Duration setUp = Duration.ZERO;
    /** The server has it. */
    private boolean taken;
    /** It was handed over, and nobody said whether it came in. */
    private boolean unsure;
    /** Told to stop it, the server said that it does not run it. */
    private boolean unknown;
    private long canceledAt;
    private int broken;

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
        this.watch = watch();
        waited(ready.setUp());
    }

    // Also for a server that was started again while the job waited for a place in it.
    private void waited(Duration more) {
        setUp = setUp.plus(more);
        if (setUp.isPositive()) {
            job.context().metric("setup_time", Math.round(setUp.toNanos() / 1e3) / 1e6);
        }
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
            server.running().incrementAndGet();
            try {
                submit(body);
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

    private void submit(ObjectNode body) throws ModelException, CogException, CanceledException, InterruptedException {
        boolean stream = streams();
        while (!taken) {
            try {
                job.checkBeforeStart();
                if (offer(body, stream)) {
                    taken();
                    return;
                }
                Thread.sleep(BUSY_PAUSE);
                drain();
                if (!taken) {
                    lookAgain();
                }
            } catch (NoStreamException plain) {
                stream = false;
            } catch (CanceledException e) {
                if (!unsure) {
                    throw e;
                }
                tellToStop();
                return;
            }
        }
    }

    private boolean streams() {
        return ready.health().streams() && ready.schema().isIterator();
    }

    /** @return whether the server has it; else it is busy, or nobody knows */
    private boolean offer(ObjectNode body, boolean stream)
            throws NoStreamException, ModelException, CogException, CanceledException, InterruptedException {
        boolean before = unsure;
        unsure = true;
        try {
            boolean has = stream ? streamed(body, job::checkBeforeStart) : handedOver(body);
            unsure = before;
            return has;
        } catch (NoStreamException plain) {
            unsure = before;
            throw plain;
        } catch (ConnectException | HttpConnectTimeoutException nobody) {
            unsure = before;
            return false;
        } catch (IOException e) {
            // The same id again is safe while it runs; whether it came in before is seen by that.
            if (++broken >= MOST_BROKEN) {
                throw new CogException("the model's Cog server did not take the prediction", false, e);
            }
            return false;
        }
    }

    private boolean handedOver(ObjectNode body)
            throws IOException, ModelException, CogException, CanceledException, InterruptedException {
        CogClient.Answer answer = server.client().submit(ready.address(), job.id(), body, job::checkBeforeStart);
        return isTaken(answer);
    }

    private boolean isTaken(CogClient.Answer answer) throws ModelException, CogException {
        return switch (answer.code()) {
            case 200, 202 -> {
                report.take(Snapshot.of(answer.body()));
                yield true;
            }
            case 409, 503 -> false; // another one has its slot, or it is being set up again
            case 400, 413, 422 -> throw new ModelException(answer.refusal());
            default -> throw new CogException("the model's Cog server answered with " + answer.code(), false, null);
        };
    }

    private void taken() {
        if (!taken) {
            taken = true;
            job.calls().begun().run();
            watch.begin();
        }
    }

    /** Before it is offered again: whether the server still stands, and where. */
    private void lookAgain() throws ModelException, CogException, CanceledException, InterruptedException {
        if (unsure) {
            String how = server.place().ended(ready.life().home(), job::checkBeforeStart).map(CogPlace.End::how).orElse(null);
            if (how != null) {
                throw watch.lost(how, null);
            }
        }
        CogServer.Ready now = server.await(job::checkBeforeStart, job.context()::log);
        if (now.life() != ready.life() && unsure) {
            throw watch.lost(null, null); // it may have run there
        }
        if (!now.schema().equals(ready.schema())) {
            throw new CogException("the model's Cog server was replaced by one with other inputs", false, null);
        }
        ready = now;
        watch = watch();
        waited(now.setUp());
    }

    private CogWatch watch() {
        return new CogWatch(server, ready.life(), job, limits.idle(), this::checkLook);
    }

    /** Says that a server has no events for this model. */
    private static final class NoStreamException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private boolean streamed(ObjectNode body, Checkpoint checkpoint)
            throws IOException, NoStreamException, ModelException, CogException, CanceledException, InterruptedException {
        HttpResponse<InputStream> response = server.client().stream(ready.address(), job.id(), body, checkpoint);
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
            return isTaken(new CogClient.Answer(response.statusCode(), answer));
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
        while (report.end() == null) {
            Told told = inbox.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (told != null) {
                handle(told, body);
            }
            // Also between what a talkative model says without a pause.
            if (report.end() == null) {
                if (canceledAt == 0 && job.context().isCanceled()) {
                    tellToStop();
                }
                if (canceledAt != 0 && System.nanoTime() - canceledAt > limits.stop().toNanos()) {
                    kill();
                }
                watch.look();
            }
        }
        Snapshot end = Objects.requireNonNull(report.end());
        if (end.status().equals("failed") && server.loosen(ready.life(), end.error() + end.logs())) {
            throw new CogException("the model could not write to its own files; next time it can", false, null);
        }
        return report.finish();
    }

    private void drain() throws ModelException {
        for (Told told = inbox.poll(); told != null; told = inbox.poll()) {
            if (told instanceof Hook(JsonNode snapshot)) {
                taken();
                report.take(Snapshot.of(snapshot));
            }
        }
    }

    private void handle(Told told, ObjectNode body) throws ModelException, InterruptedException {
        watch.heard();
        switch (told) {
            case Hook(JsonNode snapshot) -> {
                taken();
                report.take(Snapshot.of(snapshot));
            }
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
            if (server.client().health(ready.address(), this::checkLook).status() == CogHealth.Status.BUSY) {
                boolean unused = streamed(body, this::checkLook);
            }
        } catch (IOException | NoStreamException | CogException | CanceledException e) {
            LOG.atDebug().setCause(e).log("a Cog server's stream was not joined again");
        }
    }

    /** @throws CanceledException if the server does not run it, or nobody waits for its end */
    private void tellToStop() throws CanceledException, InterruptedException {
        canceledAt = System.nanoTime();
        try {
            unknown = !server.client().cancel(ready.address(), job.id(), this::checkLook);
        } catch (IOException | CanceledException e) {
            LOG.atInfo().addKeyValue("server", server.place().name()).addKeyValue("cause", e.toString()).log("cancellation not answered");
        }
        if ((unknown && !taken) || job.calls().abandoned().getAsBoolean()) {
            throw new CanceledException();
        }
    }

    /** Ends a look at the server when there is something to be done: the job was told to stop, or had its time for that. */
    private void checkLook() throws CanceledException {
        if (canceledAt == 0) {
            job.context().checkCanceled();
        } else {
            Waiting.until(canceledAt + limits.stop().toNanos()).check();
        }
    }

    /** It does not stop: its server is ended. */
    private void kill() throws ModelException, CanceledException, InterruptedException {
        if (unknown) {
            throw new CanceledException(); // it does not run, and its last webhook is lost
        }
        LOG.atWarn().addKeyValue("server", server.place().name()).log("model does not stop: its Cog server is ended");
        ready.life().sacrifice();
        if (server.kill(ready.life())) {
            throw new CanceledException();
        }
        throw new ModelException("the model was told to stop and did not, nor did its Cog server end");
    }
}
