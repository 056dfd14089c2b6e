package dev.auspex.router.query;

/** What this router can say of a prediction. */
public sealed interface Lookup {

    /** It is here. */
    record Found(PredictionView view) implements Lookup {}

    /** It would be here if it were known; it is not, as far as the topics have been read. */
    record Absent() implements Lookup {}

    /** Another router has that part. @param owner its address */
    record Elsewhere(RouterAddress owner) implements Lookup {}

    /** Nobody can say right now. @param reason one sentence */
    record Unavailable(String reason) implements Lookup {}
}
