package dev.auspex.gateway.kafka;

/** What became of a record that was to be written. */
public enum SendResult {
    /** Kafka has it, acknowledged by all replicas that are in sync. */
    STORED,
    /** It cannot fit into a record, now or later. */
    TOO_LARGE,
    /** Too many are waiting already; not tried. */
    OVERLOADED,
    /** Kafka did not answer in time. It may have been stored all the same. */
    UNAVAILABLE
}
