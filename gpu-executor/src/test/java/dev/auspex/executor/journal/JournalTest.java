package dev.auspex.executor.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionUrls;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant OLDEST = NOW.minus(Duration.ofDays(7));

    @TempDir
    private Path folder;

    private final Random random = new Random(4711);

    @Test
    void shouldKnowWhatRanWhenItsProcessDied() throws Exception {
        Job job = job(NOW, 2);
        Journal dies = open();
        begin(dies.cell(), job);
        begin(dies.cell(), job(NOW, 0));
        dies.close(); // the lock goes with the process; its cells stay as they are

        try (Journal next = open()) {
            assertThat(next.hasDied(job)).isTrue();
            assertThat(next.hasDied(job.again(3))).as("the router's next try of it").isFalse();
            assertThat(next.hasDied(job(NOW, 2))).as("another job").isFalse();
            assertThat(next.unstopped()).isEmpty();
        }
    }

    @Test
    void shouldForgetWhatEndedWhenItsProcessDied() throws Exception {
        Job ended = job(NOW, 0);
        Job running = job(NOW, 0);
        Journal dies = open();
        Journal.Cell cell = dies.cell();
        begin(cell, ended);
        cell.end();
        begin(cell, running);
        dies.close();

        try (Journal next = open()) {
            assertThat(next.hasDied(ended)).isFalse();
            assertThat(next.hasDied(running)).isTrue();
        }
    }

    @Test
    void shouldRememberUntilItIsReportedWhenProcessesDieOneAfterAnother() throws Exception {
        Job job = job(NOW, 0);
        Journal first = open();
        begin(first.cell(), job);
        first.close();
        open().close();
        try (Journal third = open()) {
            assertThat(third.hasDied(job)).as("a process that ran nothing lived between").isTrue();
            third.reported(job);
            assertThat(third.hasDied(job)).isFalse();
        }

        try (Journal fourth = open()) {
            assertThat(fourth.hasDied(job)).isFalse();
        }
    }

    @Test
    void shouldTellOfAStoppedAttemptWhenItsProcessLeftBecauseOfIt() throws Exception {
        Job job = job(NOW, 1);
        Journal leaves = open();
        Journal.Cell cell = leaves.cell();
        Entry entry = begin(cell, job);
        assertThat(cell.mark(Entry.State.CANCELED)).isTrue();
        cell.end();
        leaves.close();

        try (Journal next = open()) {
            assertThat(next.hasDied(job)).isFalse();
            assertThat(next.unstopped()).containsExactly(new Journal.Unfinished(Entry.State.CANCELED, entry));
            next.reported(next.unstopped().getFirst());
            assertThat(next.unstopped()).isEmpty();
        }
        try (Journal later = open()) {
            assertThat(later.unstopped()).isEmpty();
        }
    }

    @Test
    void shouldRefuseAMarkWhenNothingRuns() throws Exception {
        try (Journal journal = open()) {
            Journal.Cell cell = journal.cell();
            begin(cell, job(NOW, 0));
            cell.end();

            assertThat(cell.mark(Entry.State.CANCELED)).isFalse();
        }
    }

    @Test
    void shouldLeaveTheCellsOfLivingProcessesAloneWhenSeveralShareTheFolder() throws Exception {
        Job alive = job(NOW, 0);
        Job dead = job(NOW, 0);
        try (Journal living = open()) {
            Journal dies = open();
            begin(living.cell(), alive);
            begin(dies.cell(), dead);
            dies.close();

            try (Journal next = open()) {
                assertThat(next.hasDied(alive)).isFalse();
                assertThat(next.hasDied(dead)).isTrue();
            }
        }
        try (Journal next = open()) {
            assertThat(next.hasDied(alive)).as("after its process has died, too").isTrue();
        }
    }

    @Test
    void shouldDropEntriesWhenTheirJobsCanBeInNoTopicAnyMore() throws Exception {
        Job old = job(OLDEST.minusMillis(1), 0);
        Journal dies = open();
        begin(dies.cell(), old);
        dies.close();

        try (Journal next = open()) {
            assertThat(next.hasDied(old)).isFalse();
        }
    }

    @Test
    void shouldGiveOutNoMoreCellsThanAskedForWhenSlotsTakeThem() throws Exception {
        try (Journal journal = open()) {
            journal.cell();
            journal.cell();

            assertThatThrownBy(journal::cell).isInstanceOf(IllegalStateException.class);
        }
    }

    private Journal open() throws IOException {
        return Journal.open(folder, 2, OLDEST);
    }

    private Entry begin(Journal.Cell cell, Job job) {
        Entry entry = Entry.of(job, AttemptId.create(NOW, random), NOW);
        cell.begin(entry);
        return entry;
    }

    private Job job(Instant created, int number) {
        PredictionId id = PredictionId.create(created, random);
        return new Job(
                id, new AccountId("acme"), ModelName.of("auspex/echo"), new VersionId("0".repeat(64)),
                new Runner.Builtin("echo"), new HardwareClass("cpu"), Json.object(), null, created, null, "api",
                "http://auspex.test", new PredictionUrls("http://a", "http://b", "http://c", null), number, null,
                JobLimits.DEFAULT, null, null);
    }
}
