package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.auspex.system.Api.Reply;
import dev.auspex.system.WebhookReceiver.Delivery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the one process that {@code up} is, broker included, at a random moment with hundreds of predictions
 * accepted or on their way. {@link ChaosIT} kills the services apart. {@code -Dauspex.seed=<n>} repeats a run.
 */
@Order(1) // before the shared process takes its part of the machine
class KilledProcessIT {

    private static final int PREDICTIONS = 300;
    private static final int CLIENTS = 16;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Ledger ledger = new Ledger();

    @TempDir
    private Path data;

    @AfterEach
    void print() {
        System.out.println(ledger);
    }

    @Test
    void shouldLoseNothingWhenTheProcessIsKilledAtARandomMoment() throws Exception {
        long seed = Long.getLong("auspex.seed", System.nanoTime());
        Random random = new Random(seed);
        Instant begin = Instant.now();
        Launch launch = Launch.on("killed", data).with("AUSPEX_EXECUTOR_SLOTS", "16");
        ledger.note("seed %d (repeat with -Dauspex.seed=%d)", seed, seed);

        try (WebhookReceiver receiver = WebhookReceiver.start()) {
            Submissions submissions = new Submissions(random, receiver);

            // At a random number of accepted predictions, mostly in the middle of submitting.
            try (RunningAuspex auspex = RunningAuspex.start(launch)) {
                int killAt = 20 + random.nextInt(PREDICTIONS - 20);
                Future<?> clients = submissions.start(auspex);
                await().pollInterval(Duration.ofMillis(1)).atMost(LIMIT)
                        .untilAsserted(() -> assertThat(ledger.accepted().size()).isGreaterThanOrEqualTo(killAt));
                auspex.kill();
                ledger.note("killed with %d accepted, %d webhooks received", ledger.accepted().size(), receiver.count());
                clients.get();
            }

            try (RunningAuspex auspex = restart(launch)) {
                submissions.start(auspex).get();
                assertThat(ledger.accepted()).as("submissions answered with 201 in the end").hasSize(PREDICTIONS);

                String secret = auspex.api("acme").get("/v1/webhooks/default/secret").json().path("key").asText();
                await("every accepted prediction has its webhook").atMost(LIMIT).pollInterval(Duration.ofMillis(200))
                        .untilAsserted(() -> assertThat(withoutWebhook(receiver)).isEmpty());
                awaitSucceeded(auspex.api("acme"));
                checkDeliveries(receiver, secret);
                ledger.note("all done %s after the first start", Duration.between(begin, Instant.now()));
            }
        }
    }

    private RunningAuspex restart(Launch launch) throws IOException {
        Instant begin = Instant.now();
        RunningAuspex auspex = RunningAuspex.start(launch);
        ledger.note("ready again %s after the restart", Duration.between(begin, Instant.now()));
        return auspex;
    }

    private Set<String> withoutWebhook(WebhookReceiver receiver) throws IOException {
        Set<String> missing = ConcurrentHashMap.newKeySet();
        missing.addAll(ledger.accepted().values());
        for (Delivery delivery : receiver.deliveries()) {
            missing.remove(JSON.readTree(delivery.body()).path("id").asText());
        }
        return missing;
    }

    private void awaitSucceeded(Api api) {
        Set<String> open = ConcurrentHashMap.newKeySet();
        open.addAll(ledger.accepted().values());
        await("every accepted prediction is terminal").atMost(LIMIT).untilAsserted(() -> {
            for (String id : open) {
                Reply reply = api.get("/v1/predictions/" + id);
                String status = reply.status() == 200 ? reply.json().path("status").asText() : reply.text();
                if (!status.equals("starting") && !status.equals("processing")) {
                    open.remove(id);
                    ledger.ended(id, status);
                }
            }
            assertThat(open).as("not terminal").isEmpty();
        });
        assertThat(ledger.statuses()).as("accepted predictions by status").containsOnly(java.util.Map.entry("succeeded", PREDICTIONS));
    }

    private void checkDeliveries(WebhookReceiver receiver, String secret) throws Exception {
        for (Delivery delivery : receiver.deliveries()) {
            JsonNode body = JSON.readTree(delivery.body());
            assertThat(Signature.of(secret, delivery)).as("signature of %s", delivery.headers())
                    .isEqualTo(delivery.header("webhook-signature"));
            assertThat(body.path("status").asText()).as("filter [completed]: %s", delivery.text()).isEqualTo("succeeded");
            ledger.delivered(body.path("id").asText(), delivery.header("webhook-id"));
        }
        assertThat(ledger.messagesPerPrediction()).as("message ids per prediction").containsOnlyKeys(1);
    }

    /** Submits what has no answer yet, with several clients at once; each gives up at its first broken connection. */
    private final class Submissions {

        private final ConcurrentLinkedQueue<Integer> open = new ConcurrentLinkedQueue<>();
        private final double[] seconds = new double[PREDICTIONS];
        private final WebhookReceiver receiver;

        Submissions(Random random, WebhookReceiver receiver) {
            this.receiver = receiver;
            for (int n = 0; n < PREDICTIONS; n++) {
                open.add(n);
                seconds[n] = Math.round(random.nextDouble() * 200) / 1000.0;
            }
        }

        /** Done when nothing is open any more or every client has given up. */
        Future<?> start(RunningAuspex auspex) {
            Api api = auspex.api("acme");
            Thread[] clients = new Thread[CLIENTS];
            for (int i = 0; i < CLIENTS; i++) {
                clients[i] = Thread.ofVirtual().name("client-" + i).start(() -> submitAll(api));
            }
            java.util.concurrent.FutureTask<Boolean> all = new java.util.concurrent.FutureTask<>(() -> {
                for (Thread client : clients) {
                    client.join();
                }
                return true;
            });
            Thread.ofVirtual().start(all);
            return all;
        }

        private void submitAll(Api api) {
            for (Integer n = open.poll(); n != null; n = open.poll()) {
                if (!submit(api, n)) {
                    open.add(n);
                    return;
                }
            }
        }

        private boolean submit(Api api, int n) {
            try {
                Reply reply = api.post("/v1/models/auspex/echo/predictions", "{\"input\":{\"text\":\"n" + n + "\",\"seconds\":"
                        + seconds[n] + "},\"webhook\":\"" + receiver.url("/done?n=" + n)
                        + "\",\"webhook_events_filter\":[\"completed\"]}");
                if (reply.status() != 201) {
                    ledger.note("submission %d answered %d: %s", n, reply.status(), reply.text());
                    return false;
                }
                ledger.accepted().put(n, reply.json().path("id").asText());
                return true;
            } catch (IOException e) {
                ledger.unanswered();
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
