package dev.auspex.router.query;

import dev.auspex.protocol.command.Command.ClaimKey;

/** What this router can say of a claim. */
public sealed interface ClaimLookup {

    /** The claim that was the first. */
    record Held(ClaimKey winner) implements ClaimLookup {}

    /** Nobody has claimed it, as far as the topic has been read. */
    record Free() implements ClaimLookup {}

    /** Another router has that part. @param owner its address */
    record Elsewhere(RouterAddress owner) implements ClaimLookup {}

    /** Nobody can say right now. @param reason one sentence */
    record Unavailable(String reason) implements ClaimLookup {}
}
