package dev.auspex.protocol.command;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.catalog.DeploymentChange;
import dev.auspex.protocol.catalog.ModelChange;
import dev.auspex.protocol.catalog.ModelRegistration;
import java.time.Instant;

/** Something that is asked, as an imperative: the value of a {@code commands} record. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Command.CancelPrediction.class, name = "cancel-prediction"),
    @JsonSubTypes.Type(value = Command.RegisterModel.class, name = "register-model"),
    @JsonSubTypes.Type(value = Command.ClaimKey.class, name = "claim-key"),
    @JsonSubTypes.Type(value = Command.ReleaseDeployment.class, name = "release-deployment"),
    @JsonSubTypes.Type(value = Command.DeleteDeployment.class, name = "delete-deployment"),
    @JsonSubTypes.Type(value = Command.ChangeModel.class, name = "change-model"),
    @JsonSubTypes.Type(value = Command.DeleteVersion.class, name = "delete-version"),
    @JsonSubTypes.Type(value = Command.DeleteModel.class, name = "delete-model")
})
public sealed interface Command {

    /** The record key: commands about one thing stay in order. */
    @JsonIgnore
    String key();

    /**
     * Stop a prediction: a queued one never starts, a running one is ended by its executor.
     *
     * @param prediction which
     * @param account its owner, taken from the caller's token and never from the request
     * @param requestedAt when it was asked
     */
    record CancelPrediction(PredictionId prediction, AccountId account, Instant requestedAt) implements Command {
        @Override
        public String key() {
            return prediction.value();
        }
    }

    /** Add a model, or a version of one, to the catalogue. Repeating it changes nothing. */
    record RegisterModel(ModelRegistration registration) implements Command {
        @Override
        public String key() {
            return registration.name().toString();
        }
    }

    /**
     * Let this prediction be the one that an idempotency key stands for. The first claim of a key wins until it expires;
     * later ones change nothing.
     *
     * @param claim what is claimed
     * @param account whose key it is, taken from the caller's token
     * @param prediction which is to be made
     * @param content a hash of the request: the same key with another content is a mistake
     * @param claimedAt when it was asked; decides whether an earlier claim has expired
     * @param expiresAt from when on the key can be claimed anew
     */
    record ClaimKey(
            ClaimId claim,
            AccountId account,
            PredictionId prediction,
            String content,
            Instant claimedAt,
            Instant expiresAt)
            implements Command {
        @Override
        public String key() {
            return key(account, claim);
        }

        /** The record key of every claim with this name. */
        public static String key(AccountId account, ClaimId claim) {
            return account + "/" + claim;
        }

        /** Whether it still keeps others out at that time. */
        public boolean holdsAt(Instant time) {
            return time.isBefore(expiresAt);
        }
    }

    /**
     * Make a deployment, or the next release of one.
     *
     * @param deployment which
     * @param change what is to be different
     * @param changeId names this request
     * @param requestedAt when it was asked
     */
    record ReleaseDeployment(DeploymentName deployment, DeploymentChange change, String changeId, Instant requestedAt)
            implements Command {
        @Override
        public String key() {
            return deployment.toString();
        }
    }

    /** Remove a deployment; its predictions go on. @param requestedAt when it was asked */
    record DeleteDeployment(DeploymentName deployment, Instant requestedAt) implements Command {
        @Override
        public String key() {
            return deployment.toString();
        }
    }

    /**
     * Make a model, or change one that this account made. Otherwise nothing happens.
     *
     * @param model which
     * @param account who asks, taken from the caller's token
     * @param change what is to be different
     * @param changeId names this request
     * @param requestedAt when it was asked
     */
    record ChangeModel(ModelName model, AccountId account, ModelChange change, String changeId, Instant requestedAt)
            implements Command {
        @Override
        public String key() {
            return model.toString();
        }
    }

    /**
     * Remove a version of a model that this account made; its predictions go on.
     *
     * @param changeId names this request
     */
    record DeleteVersion(ModelName model, VersionId version, AccountId account, String changeId, Instant requestedAt)
            implements Command {
        @Override
        public String key() {
            return model.toString();
        }
    }

    /** Remove a model that this account made and that has no versions. Otherwise nothing happens. */
    record DeleteModel(ModelName model, AccountId account, Instant requestedAt) implements Command {
        @Override
        public String key() {
            return model.toString();
        }
    }
}
