package dev.auspex.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class RecordSenderIT {

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void shouldComeBackOnTheCallersContextWhenARecordIsStored(KafkaClients kafka, Topics topics) throws Exception {
        RecordSender sender = new RecordSender(kafka, List.of(topics.commands()), 10, 1 << 20);
        sender.start();
        CompletableFuture<Context> context = new CompletableFuture<>();
        loop.runOnContext(go -> sender.send(topics.commands(), "k", new byte[10]).onSuccess(result -> {
            assertThat(result).isEqualTo(SendResult.STORED);
            context.complete(Vertx.currentContext());
        }));

        assertThat(context.get(20, TimeUnit.SECONDS)).isEqualTo(loop);
        sender.stop(Duration.ofSeconds(10));
    }

    @Test
    void shouldSayTooLargeWhenARecordCannotFit(KafkaClients kafka, Topics topics) throws Exception {
        RecordSender sender = new RecordSender(kafka, List.of(topics.commands()), 10, 1L << 30);
        sender.start();

        assertThat(send(sender, topics.commands(), new byte[17 << 20]).get(20, TimeUnit.SECONDS))
                .isEqualTo(SendResult.TOO_LARGE);
        sender.stop(Duration.ofSeconds(10));
    }

    @Test
    void shouldRefuseAtOnceWhenTooMuchIsWaiting(KafkaClients kafka, Topics topics) throws Exception {
        RecordSender sender = new RecordSender(kafka, List.of(topics.commands()), 2, 100);
        List<CompletableFuture<SendResult>> results = new ArrayList<>();
        // The sender does not take anything yet.
        for (int size : new int[] {60, 60, 30, 1}) {
            results.add(send(sender, topics.commands(), new byte[size]));
        }
        assertThat(results.get(1).get(5, TimeUnit.SECONDS)).as("bytes").isEqualTo(SendResult.OVERLOADED);
        assertThat(results.get(3).get(5, TimeUnit.SECONDS)).as("records").isEqualTo(SendResult.OVERLOADED);

        sender.start();
        assertThat(results.get(0).get(20, TimeUnit.SECONDS)).isEqualTo(SendResult.STORED);
        assertThat(results.get(2).get(20, TimeUnit.SECONDS)).isEqualTo(SendResult.STORED);
        assertThat(send(sender, topics.commands(), new byte[60]).get(20, TimeUnit.SECONDS)).isEqualTo(SendResult.STORED);
        sender.stop(Duration.ofSeconds(10));
    }

    @Test
    void shouldAnswerEverybodyWithinOneBlockedSendWhenKafkaIsAway(Topics topics) throws Exception {
        RecordSender sender = new RecordSender(new KafkaClients("127.0.0.1:1"), List.of(), 1000, 1 << 20);
        List<CompletableFuture<SendResult>> results = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            results.add(send(sender, topics.commands(), new byte[10]));
        }
        long begin = System.nanoTime();
        sender.start();
        for (CompletableFuture<SendResult> result : results) {
            assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo(SendResult.UNAVAILABLE);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(6));
        sender.stop(Duration.ofSeconds(2));
    }

    private CompletableFuture<SendResult> send(RecordSender sender, String topic, byte[] value) {
        CompletableFuture<SendResult> result = new CompletableFuture<>();
        loop.runOnContext(go -> sender.send(topic, "k", value).onSuccess(result::complete));
        return result;
    }
}
