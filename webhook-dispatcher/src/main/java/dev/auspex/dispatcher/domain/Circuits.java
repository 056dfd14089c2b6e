package dev.auspex.dispatcher.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Leaves receivers in peace that fail or ask for it. After {@value #THRESHOLD} failures in a row, or when a receiver says
 * that it is overloaded, its circuit opens for a while; then one request probes it. A success lets twice as many follow,
 * until there is no limit again; a failure opens the circuit for twice as long, up to a minute. Only receivers in trouble
 * are remembered, so a healthy one costs one look-up.
 *
 * <p>A pure state machine; one thread.
 */
public final class Circuits {

    /** How a request ended, as far as its receiver's circuit is concerned. */
    public sealed interface Sign {
        /** It works. */
        record Healthy() implements Sign {}

        /** It does not. */
        record Failing() implements Sign {}

        /**
         * It works and asks to be called less.
         *
         * @param pause how long it wants to be left alone; {@code null} if it did not say
         */
        record Overloaded(@Nullable Duration pause) implements Sign {}

        /** It says nothing about the receiver. */
        record Neutral() implements Sign {}
    }

    /** Failures in a row after which a circuit opens. */
    public static final int THRESHOLD = 10;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration FIRST_OVERLOAD_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** A receiver may ask for more, up to this: beyond, one probe an hour does no harm. */
    private static final Duration LONGEST_ASKED_PAUSE = Duration.ofHours(1);
    private static final int LONGEST_SHIFT = 6;
    /** A circuit whose limit has grown to this is closed. */
    private static final int RECOVERED = 64;
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private static final class Circuit {
        private int failures;
        private int openings;
        private Instant openUntil = Instant.MIN;
        private int limit = UNLIMITED;
        private int running;
    }

    private final int most;
    private final Map<String, Circuit> troubled = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Circuit> eldest) {
            return size() > most; // forgetting one costs a few requests
        }
    };

    /** @param most how many receivers are remembered */
    public Circuits(int most) {
        this.most = most;
    }

    /** When a request may be made; empty for now. */
    public Optional<Instant> closedUntil(String receiver, Instant now) {
        Circuit circuit = troubled.get(receiver);
        if (circuit == null) {
            return Optional.empty();
        }
        if (now.isBefore(circuit.openUntil)) {
            return Optional.of(circuit.openUntil);
        }
        return circuit.running >= circuit.limit ? Optional.of(now) : Optional.empty();
    }

    /** A request has begun. */
    public void begun(String receiver) {
        Circuit circuit = troubled.get(receiver);
        if (circuit != null) {
            circuit.running++;
        }
    }

    /** A request has ended. */
    public void ended(String receiver, Sign sign, Instant now) {
        Circuit circuit = troubled.get(receiver);
        if (circuit != null) {
            circuit.running = Math.max(0, circuit.running - 1);
        }
        switch (sign) {
            case Sign.Healthy healthy -> {
                if (circuit != null) {
                    recover(receiver, circuit);
                }
            }
            case Sign.Failing failing -> {
                Circuit failed = troubled.computeIfAbsent(receiver, key -> new Circuit());
                failed.failures++;
                if (failed.failures >= THRESHOLD || failed.limit < UNLIMITED) {
                    open(failed, now, FIRST_PAUSE);
                }
            }
            case Sign.Overloaded overloaded -> {
                Circuit busy = troubled.computeIfAbsent(receiver, key -> new Circuit());
                open(busy, now, FIRST_OVERLOAD_PAUSE);
                if (overloaded.pause() != null) {
                    Instant asked = now.plus(shorter(overloaded.pause(), LONGEST_ASKED_PAUSE));
                    busy.openUntil = asked.isAfter(busy.openUntil) ? asked : busy.openUntil;
                }
            }
            case Sign.Neutral neutral -> {
                // nothing learnt
            }
        }
    }

    /** How many receivers are being left in peace or probed. */
    public long open() {
        return troubled.values().stream().filter(circuit -> circuit.limit < UNLIMITED).count();
    }

    private void recover(String receiver, Circuit circuit) {
        circuit.failures = 0;
        circuit.openings = 0;
        circuit.openUntil = Instant.MIN;
        circuit.limit = circuit.limit >= RECOVERED ? UNLIMITED : circuit.limit * 2;
        if (circuit.limit == UNLIMITED) {
            troubled.remove(receiver);
        }
    }

    // Requests that were under way when the circuit opened fail, too: they must not open it for longer.
    private static void open(Circuit circuit, Instant now, Duration first) {
        if (now.isBefore(circuit.openUntil)) {
            return;
        }
        Duration pause = shorter(first.multipliedBy(1L << Math.min(circuit.openings, LONGEST_SHIFT)), LONGEST_PAUSE);
        circuit.openings++;
        circuit.openUntil = now.plus(pause);
        circuit.limit = 1;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
