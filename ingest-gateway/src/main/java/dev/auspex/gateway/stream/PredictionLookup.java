package dev.auspex.gateway.stream;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.PredictionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the router where a prediction stands now. Called on event loops; must not block. */
@FunctionalInterface
public interface PredictionLookup {

    /**
     * The newest state; empty if the account has no such prediction. Fails when the router cannot answer at the moment:
     * with an {@link dev.auspex.gateway.domain.ApiException} where the client should be told so.
     */
    Future<Optional<LookedUp>> find(AccountId account, PredictionId prediction);

    /**
     * The router's answer.
     *
     * @param body the prediction as the API shows it
     * @param attempt the {@code auspex-attempt} header; {@code null} before the first attempt
     */
    record LookedUp(Buffer body, @Nullable AttemptId attempt) {}
}
