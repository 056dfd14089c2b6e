package dev.auspex.protocol.access;

import org.jspecify.annotations.Nullable;

/**
 * What an account is allowed instead of what holds for everybody; {@code null} leaves that.
 *
 * @param creates predictions a token may create per minute on one gateway; 0 for no limit
 * @param reads single predictions a token may read per minute on one gateway
 * @param others other requests a token may make per minute on one gateway
 * @param queued how many predictions may wait for their start at once; 0 for no limit
 */
public record AccountLimits(
        @Nullable Integer creates, @Nullable Integer reads, @Nullable Integer others, @Nullable Integer queued) {

    /** What holds for everybody. */
    public static final AccountLimits NONE = new AccountLimits(null, null, null, null);
}
