package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionUrls;
import dev.auspex.protocol.Priority;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.catalog.ModelVersion;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.security.MasterSecret;
import dev.auspex.runtime.security.StreamToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns an accepted request into the job that is written to Kafka. Safe for any thread. */
public final class JobFactory {

    /** W3C Trace Context, version 00. */
    private static final Pattern TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final Clock clock;
    private final RandomGenerator random;
    private final MasterSecret secret;

    /** @param random cryptographically strong: ids must not be guessable */
    public JobFactory(Clock clock, RandomGenerator random, MasterSecret secret) {
        this.clock = clock;
        this.random = random;
        this.secret = secret;
    }

    /**
     * What the request says besides version and owner.
     *
     * @param input checked
     * @param cancelAfter the time to the deadline; {@code null} for none
     * @param traceparent as the header came; dropped if it is not one
     * @param priority before or behind others
     */
    public record Wish(
            ObjectNode input,
            @Nullable Webhook webhook,
            @Nullable Duration cancelAfter,
            @Nullable String traceparent,
            Priority priority) {}

    /**
     * What to run where.
     *
     * @param deployment through which; {@code null} for none
     */
    public record Target(PublishedVersion published, HardwareClass hardware, @Nullable DeploymentName deployment) {

        /** A version, on the hardware that suits it best. @throws ApiException 422 if this installation has none */
        public static Target of(PublishedVersion published) {
            return new Target(published, published.hardware(), null);
        }

        /**
         * What a deployment makes predictions with.
         *
         * @throws ApiException 422 if it is disabled, or its version or hardware is gone
         */
        public static Target of(Deployment deployment, VisibleModels catalogue) {
            Deployment.Release release = deployment.release();
            if (release.isDisabled()) {
                throw new ApiException(
                        ApiError.INVALID_REQUEST,
                        "The deployment " + deployment.name() + " is disabled: its min_instances and max_instances are 0.");
            }
            PublishedVersion published =
                    catalogue.resolve(new VersionRef.Pinned(release.model(), release.version()));
            if (!catalogue.canRun(published.model(), release.hardware())) {
                throw new ApiException(
                        ApiError.INVALID_REQUEST,
                        "The deployment " + deployment.name() + " needs the hardware " + release.hardware()
                                + ", which cannot run " + release.model() + " any more.");
            }
            return new Target(published, release.hardware(), deployment.name());
        }
    }

    /** The name of a new prediction. */
    public PredictionId newId() {
        return PredictionId.create(clock.instant(), random);
    }

    /**
     * The name of a new prediction of a deployment: such that both are in one partition, where one router counts how many of
     * them run (ADR 28). Takes as many tries as there are partitions, on average.
     */
    public PredictionId newId(DeploymentName deployment, Topics topics) {
        int partition = topics.partitionOf(deployment.toString());
        PredictionId id = newId();
        while (topics.partitionOf(id) != partition) {
            id = newId();
        }
        return id;
    }

    /**
     * A job without a name yet.
     *
     * @param baseUrl the API's public address as this client sees it
     */
    public Draft draft(AccountId account, Target target, Wish wish, String baseUrl) {
        return new Draft(account, target, wish, baseUrl);
    }

    /** Everything of a job but its name. Safe for any thread. */
    public final class Draft {

        private final AccountId account;
        private final Target target;
        private final Wish wish;
        private final String baseUrl;

        private Draft(AccountId account, Target target, Wish wish, String baseUrl) {
            this.account = account;
            this.target = target;
            this.wish = wish;
            this.baseUrl = baseUrl;
        }

        /** The job under this name, created when the name was. */
        public Job job(PredictionId id) {
            // The id holds milliseconds; what is shown must not disagree with it.
            Instant created = id.createdAt();
            String traceparent = wish.traceparent();
            PublishedVersion published = target.published();
            return new Job(
                    id,
                    account,
                    published.model().name(),
                    published.version().id(),
                    published.version().runner(),
                    target.hardware(),
                    wish.input(),
                    wish.webhook(),
                    created,
                    wish.cancelAfter() == null ? null : created.plus(wish.cancelAfter()),
                    "api",
                    baseUrl,
                    urls(id),
                    0,
                    traceparent != null && TRACEPARENT.matcher(traceparent).matches() ? traceparent : null,
                    published.model().limits(),
                    null,
                    target.deployment(),
                    wish.priority(),
                    false);
        }

        private PredictionUrls urls(PredictionId id) {
            ModelVersion version = target.published().version();
            String stream = version.isIterator() ? version.streamFolder() + StreamToken.of(secret, account, id) : null;
            return PredictionUrls.of(baseUrl, id, stream);
        }
    }
}
