package dev.auspex.protocol.usage;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt used and what is asked for it: the value of a {@code usage} record, keyed by account. Written by the
 * router when the attempt ends, in the transaction of that transition (ADR 19). Immutable; safe for any thread.
 *
 * @param account who pays
 * @param prediction whose attempt
 * @param model what ran
 * @param version which version of it
 * @param run where and how long
 * @param charge what is asked for it
 */
public record AttemptUsage(
        AccountId account, PredictionId prediction, ModelName model, VersionId version, Run run, Charge charge) {

    /**
     * The time on the hardware.
     *
     * @param attempt which
     * @param hardware the class it ran on
     * @param startedAt when the model began; {@code null} if it did not, as far as is known
     * @param endedAt when it ended or was given up
     * @param outcome how it ended
     */
    public record Run(
            AttemptId attempt,
            HardwareClass hardware,
            @Nullable Instant startedAt,
            Instant endedAt,
            AttemptOutcome outcome) {

        /** From its start to its end; nothing if it never began. */
        @JsonIgnore
        public Duration time() {
            return startedAt == null || endedAt.isBefore(startedAt) ? Duration.ZERO : Duration.between(startedAt, endedAt);
        }
    }

    /**
     * What is asked for it.
     *
     * @param time what is billed of the time; nothing if it is not billed
     * @param price of a second when it ended
     * @param cost the two multiplied
     */
    public record Charge(Duration time, Money price, Money cost) {

        /** The cost at this price. */
        public static Charge of(Duration time, Money price) {
            return new Charge(time, price, price.times(time));
        }
    }

    /** The row that this adds to. */
    @JsonIgnore
    public UsageRow row() {
        LocalDate day = LocalDate.ofInstant(run.endedAt(), ZoneOffset.UTC);
        return new UsageRow(
                new UsageRow.Key(account, day, model, run.hardware()),
                new UsageTotal(1, run.time(), charge.time(), charge.cost()));
    }
}
