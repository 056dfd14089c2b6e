package dev.auspex.dispatcher.delivery;

import dev.auspex.dispatcher.domain.AttemptOutcome;
import dev.auspex.dispatcher.domain.AttemptOutcome.Answered;
import dev.auspex.dispatcher.domain.AttemptOutcome.NotAnswered;
import dev.auspex.dispatcher.domain.Circuits;
import dev.auspex.dispatcher.domain.Circuits.Sign;
import dev.auspex.dispatcher.domain.GoneReceivers;
import dev.auspex.dispatcher.http.Target;
import dev.auspex.protocol.delivery.Delivery;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of receivers from how requests to them ended: a circuit for each host, which opens when nobody answers,
 * one for each endpoint of an account, which opens when it answers badly, and those that are gone. One event loop.
 */
final class Receivers {

    private static final int MOST_REMEMBERED = 50_000;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;

    private final Circuits hosts = new Circuits(MOST_REMEMBERED);
    private final Circuits endpoints = new Circuits(MOST_REMEMBERED);
    private final GoneReceivers gone = new GoneReceivers(MOST_REMEMBERED);

    /** Whether it answered 410 not long ago. */
    boolean gone(Delivery delivery, Instant now) {
        return gone.contains(url(delivery), now);
    }

    /** When a request may be made; empty for now. */
    Optional<Instant> closedUntil(Delivery delivery, Target target, Instant now) {
        return hosts.closedUntil(target.authority(), now)
                .or(() -> endpoints.closedUntil(endpoint(delivery, target), now));
    }

    void begun(Delivery delivery, Target target) {
        hosts.begun(target.authority());
        endpoints.begun(endpoint(delivery, target));
    }

    void ended(Delivery delivery, Target target, AttemptOutcome outcome, Instant now) {
        hosts.ended(target.authority(), hostSign(outcome), now);
        endpoints.ended(endpoint(delivery, target), endpointSign(outcome), now);
        if (outcome instanceof Answered answered && answered.gone()) {
            gone.add(url(delivery), now);
        }
    }

    /** How many are left in peace or probed. */
    long open() {
        return hosts.open() + endpoints.open();
    }

    private static Sign hostSign(AttemptOutcome outcome) {
        return switch (outcome) {
            case Answered answered -> new Sign.Healthy();
            case NotAnswered failed -> failedSign(failed);
        };
    }

    private static Sign endpointSign(AttemptOutcome outcome) {
        return switch (outcome) {
            case Answered answered -> answeredSign(answered);
            case NotAnswered failed -> failedSign(failed);
        };
    }

    private static Sign answeredSign(Answered answered) {
        return switch (answered.status()) {
            case TOO_MANY_REQUESTS, BAD_GATEWAY, GATEWAY_TIMEOUT -> new Sign.Overloaded(answered.retryAfter());
            case UNAVAILABLE -> answered.retryAfter() == null
                    ? new Sign.Failing() : new Sign.Overloaded(answered.retryAfter());
            default -> answered.gone() ? new Sign.Neutral()
                    : answered.success() ? new Sign.Healthy() : new Sign.Failing();
        };
    }

    private static Sign failedSign(NotAnswered failed) {
        return switch (failed.outcome()) {
            case TIMED_OUT, UNRESOLVED, UNREACHABLE -> new Sign.Failing();
            case DELIVERED, REJECTED, FORBIDDEN, GONE, POSTPONED, REQUESTED -> new Sign.Neutral();
        };
    }

    private static String url(Delivery delivery) {
        return delivery.account() + " " + delivery.url();
    }

    // By account: what one account's endpoint answers says nothing about another account's at the same address.
    private static String endpoint(Delivery delivery, Target target) {
        return delivery.account() + " " + target.endpoint();
    }
}
