package dev.auspex.protocol.replay;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import java.time.Instant;

/**
 * The value of a {@code replays} record. What clients ask and what the runner says have keys of their own, so that
 * compaction never lets one replace the other; all records about an account's replays are in one partition.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ReplayRecord.Requested.class, name = "requested"),
    @JsonSubTypes.Type(value = ReplayRecord.CancelRequested.class, name = "cancel-requested"),
    @JsonSubTypes.Type(value = ReplayRecord.Progressed.class, name = "progressed")
})
public sealed interface ReplayRecord {

    /** Which replay. */
    @JsonIgnore
    PredictionId replay();

    /** Whose it is: decides the partition. */
    @JsonIgnore
    AccountId owner();

    /** The record key. */
    @JsonIgnore
    String key();

    /** A client wants it; of several with one id the first counts. */
    record Requested(ReplayRequest request) implements ReplayRecord {
        @Override
        public PredictionId replay() {
            return request.id();
        }

        @Override
        public AccountId owner() {
            return request.account();
        }

        @Override
        public String key() {
            return request.id() + "/request";
        }
    }

    /** A client wants it to stop. @param account the caller's */
    record CancelRequested(PredictionId id, AccountId account, Instant requestedAt) implements ReplayRecord {
        @Override
        public PredictionId replay() {
            return id;
        }

        @Override
        public AccountId owner() {
            return account;
        }

        @Override
        public String key() {
            return id + "/cancel";
        }
    }

    /** The runner's word, in the transaction of the jobs it counts. @param state replaces every earlier one */
    record Progressed(Replay state) implements ReplayRecord {
        @Override
        public PredictionId replay() {
            return state.request().id();
        }

        @Override
        public AccountId owner() {
            return state.request().account();
        }

        @Override
        public String key() {
            return state.request().id() + "/progress";
        }
    }
}
