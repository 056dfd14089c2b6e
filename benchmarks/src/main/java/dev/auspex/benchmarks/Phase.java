package dev.auspex.benchmarks;

import java.util.Locale;

/** One part of a run. */
sealed interface Phase {

    /** The column's head. */
    String title();

    /** How many submissions it makes. */
    int count();

    /** Whether every submission asks for a webhook. */
    default boolean webhooks() {
        return true;
    }

    /** So many connections submit as fast as they get answers; then every webhook is awaited. */
    record ClosedLoop(String title, int count, int connections) implements Phase {}

    /**
     * Submissions at fixed times, whatever the answers do; latencies count from those times.
     *
     * @param watched whether the topics are read along, which costs the machine a little
     */
    record OpenLoop(int rate, int seconds, boolean watched) implements Phase {
        @Override
        public String title() {
            return String.format(Locale.ROOT, watched ? "%,d/s watched" : "%,d/s", rate);
        }

        /** The same with the topics read along. */
        OpenLoop alongTopics() {
            return new OpenLoop(rate, seconds, true);
        }

        @Override
        public int count() {
            return Math.multiplyExact(rate, seconds);
        }
    }

    /** Like a closed loop, but nothing is awaited: how fast predictions are made durable. */
    record SubmitsAlone(int count, int connections) implements Phase {
        @Override
        public String title() {
            return "submits alone";
        }

        @Override
        public boolean webhooks() {
            return false;
        }
    }

    /** Submissions at fixed times of which nothing but the answer is awaited. */
    record OpenSubmits(String title, int rate, int seconds) implements Phase {
        @Override
        public int count() {
            return Math.multiplyExact(rate, seconds);
        }

        @Override
        public boolean webhooks() {
            return false;
        }
    }
}
