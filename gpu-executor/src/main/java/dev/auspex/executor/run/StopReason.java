package dev.auspex.executor.run;

/** Why an attempt has to stop. */
public enum StopReason {
    /** Somebody canceled the prediction. */
    CANCELED,
    /** The prediction's own deadline has come. */
    DEADLINE,
    /** The attempt has run as long as its model's owner allows. */
    RUN_LIMIT,
    /** The slot gives the job up: its process stops. */
    GIVEN_UP
}
