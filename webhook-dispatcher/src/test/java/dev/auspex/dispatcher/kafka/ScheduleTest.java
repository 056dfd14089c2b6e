package dev.auspex.dispatcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.domain.AttemptOutcome.Answered;
import dev.auspex.dispatcher.domain.RetryPolicy;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryHeaders;
import dev.auspex.protocol.delivery.DeliveryOrder;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days of failure in seconds: the real scheduler and the real policy on a clock that the test moves. */
class ScheduleTest {

    private static final Topics TOPICS = new Topics(new TopicSettings(
            "test.", 1, (short) 1, Duration.ofDays(1), List.of(new HardwareClass("cpu"))));
    private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final byte[] BODY = "{\"id\":\"größe\"}".getBytes(StandardCharsets.UTF_8);
    private static final List<Duration> SCHEDULE = Settings.of(Map.of()).get(Keys.WEBHOOK_SCHEDULE);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final RetryPolicy policy = new RetryPolicy(SCHEDULE, random);
    private final AtomicLong waiting = new AtomicLong();
    private Instant now = BEGIN;
    private TopologyTestDriver driver;
    private TestInputTopic<String, byte[]> results;
    private TestOutputTopic<String, byte[]> orders;

    @BeforeEach
    void start(@TempDir Path folder) {
        System.out.println("seed " + seed);
        driver = new TopologyTestDriver(
                DeliveryScheduler.topology(TOPICS, new TestClock(), waiting),
                DeliveryScheduler.properties("none:1", TOPICS, "test", folder),
                BEGIN);
        results = driver.createInputTopic(TOPICS.deliveryResults(), new StringSerializer(), new ByteArraySerializer());
        orders = driver.createOutputTopic(TOPICS.deliveries(), new StringDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldKeepTheScheduleWhenTheReceiverFailsForHoursAndDeliverWhenItIsBack() {
        Delivery delivery = delivery("https://hooks.example.test/in");
        report(delivery, 1, new Answered(503, null), BODY);
        List<Instant> attempts = new ArrayList<>(List.of(now));
        // Down for 20 hours, then up.
        int delivered = run(Duration.ofDays(3), attempts, attempt -> now.isAfter(BEGIN.plus(Duration.ofHours(20))));
        assertThat(delivered).isOne();
        assertFollowsTheSchedule(attempts);
        assertThat(attempts.getLast()).isAfter(BEGIN.plus(Duration.ofHours(20)));
        assertThat(waiting).as("nothing is kept of what was delivered").hasValue(0);
    }

    @Test
    void shouldMakeEveryAttemptOfTheScheduleAndNoMoreWhenTheReceiverNeverComesBack() {
        Delivery delivery = delivery("https://hooks.example.test/in");
        report(delivery, 1, new Answered(500, null), BODY);
        List<Instant> attempts = new ArrayList<>(List.of(now));
        int delivered = run(Duration.ofDays(5), attempts, attempt -> false);
        assertThat(delivered).isZero();
        assertThat(attempts).hasSize(1 + SCHEDULE.size());
        assertFollowsTheSchedule(attempts);
        assertThat(waiting).hasValue(0);
    }

    @Test
    void shouldOrderItAgainWhenASenderWasKilledWithIt() {
        report(delivery("https://hooks.example.test/in"), 1, new Answered(500, null), BODY);
        TestRecord<String, byte[]> lost = awaitOrder(Duration.ofSeconds(10));
        Instant ordered = now;
        TestRecord<String, byte[]> again = awaitOrder(Duration.ofMinutes(2));
        assertThat(Duration.between(ordered, now)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(32));
        assertThat(order(again).delivery()).isEqualTo(order(lost).delivery());
        assertThat(order(again).attempt()).isEqualTo(order(lost).attempt());
        assertThat(again.value()).isEqualTo(BODY);
    }

    @Test
    void shouldSendItNowAndGoOnCountingWhenItWaitsAndIsAskedFor() {
        Delivery delivery = delivery("https://hooks.example.test/in");
        report(delivery, 6, new Answered(500, null), BODY); // the next attempt is hours away
        request(delivery);
        TestRecord<String, byte[]> order = awaitOrder(Duration.ofSeconds(10));
        assertThat(order(order).attempt()).isEqualTo(7);
        assertThat(order.value()).isEqualTo(BODY);
        assertThat(waiting).hasValue(1);
    }

    @Test
    void shouldBeginTheScheduleAnewWhenWhatWasSettledIsAskedFor() {
        Delivery delivery = delivery("https://hooks.example.test/in");
        request(delivery);
        assertThat(order(awaitOrder(Duration.ofSeconds(10))).attempt()).isOne();
        report(delivery, 1, new Answered(500, null), null);
        assertThat(order(awaitOrder(Duration.ofSeconds(10))).attempt()).isEqualTo(2);
    }

    private void request(Delivery delivery) {
        RecordHeaders headers = new RecordHeaders();
        DeliveryHeaders.write(
                new DeliveryResult(delivery, 0, Outcome.REQUESTED, null, "asked for", now, 0, 0, now, null), headers);
        results.pipeInput(new TestRecord<>(delivery.prediction().value(), BODY, headers, now));
    }

    private void assertFollowsTheSchedule(List<Instant> attempts) {
        for (int i = 1; i < attempts.size(); i++) {
            Duration pause = Duration.between(attempts.get(i - 1), attempts.get(i));
            Duration planned = SCHEDULE.get(i - 1);
            assertThat(pause).as("pause %d", i).isBetween(planned.multipliedBy(8).dividedBy(10), planned.multipliedBy(12)
                    .dividedBy(10).plus(STEP.multipliedBy(2)));
        }
    }

    /** Answers every order that comes within the time. @return how many were accepted */
    private int run(Duration time, List<Instant> attempts, IntPredicate accepts) {
        int accepted = 0;
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            advance();
            while (!orders.isEmpty()) {
                TestRecord<String, byte[]> record = orders.readRecord();
                DeliveryOrder order = order(record);
                assertThat(record.value()).isEqualTo(BODY);
                assertThat(order.attempt()).isEqualTo(attempts.size() + 1);
                attempts.add(now);
                boolean good = accepts.test(order.attempt());
                accepted += good ? 1 : 0;
                report(order.delivery(), order.attempt(), new Answered(good ? 200 : 503, null), null);
            }
        }
        return accepted;
    }

    private TestRecord<String, byte[]> awaitOrder(Duration limit) {
        Instant end = now.plus(limit);
        while (orders.isEmpty() && now.isBefore(end)) {
            advance();
        }
        return orders.readRecord();
    }

    private void advance() {
        now = now.plus(STEP);
        driver.advanceWallClockTime(STEP);
    }

    private void report(Delivery delivery, int attempt, Answered answer, byte @Nullable [] body) {
        DeliveryResult result = new DeliveryResult(
                delivery, attempt, answer.kind(), answer.status(), answer.errorOrNull(), now, 5, 0,
                policy.next(delivery.event(), attempt, answer, now).orElse(null), null);
        RecordHeaders headers = new RecordHeaders();
        DeliveryHeaders.write(result, headers);
        results.pipeInput(new TestRecord<>(delivery.prediction().value(), body, headers, now));
    }

    private static DeliveryOrder order(TestRecord<String, byte[]> record) {
        return DeliveryHeaders.readOrder(record.headers());
    }

    private static Delivery delivery(String url) {
        return Delivery.of(
                new PredictionId("01hzy3v9q8w7e6r5t4y3a2s1d0"), new AccountId("acme"), WebhookEvent.COMPLETED, 3, url, BEGIN);
    }

    private final class TestClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
