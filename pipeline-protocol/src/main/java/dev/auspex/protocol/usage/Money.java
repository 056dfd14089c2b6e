package dev.auspex.protocol.usage;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * An amount of US dollars, exact: sums do not depend on their order. Text in JSON, because a binary fraction would change
 * it. Immutable; safe for any thread.
 *
 * @param amount without trailing zeros
 */
public record Money(BigDecimal amount) {

    /** Nothing. */
    public static final Money ZERO = new Money(BigDecimal.ZERO);

    /** Drops trailing zeros, so that equal amounts are equal. */
    public Money {
        BigDecimal shortest = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
        amount = shortest.scale() < 0 ? shortest.setScale(0) : shortest;
    }

    /** Reads a decimal number. @throws NumberFormatException if it is none */
    @JsonCreator
    public static Money of(String text) {
        return new Money(new BigDecimal(text));
    }

    /** The sum. */
    public Money plus(Money other) {
        return other.amount.signum() == 0 ? this : new Money(amount.add(other.amount));
    }

    /** What so much time costs at this price per second. */
    public Money times(Duration time) {
        return new Money(amount.multiply(seconds(time)));
    }

    /** A time in seconds, exact. */
    public static BigDecimal seconds(Duration time) {
        return BigDecimal.valueOf(time.getSeconds()).add(BigDecimal.valueOf(time.getNano(), 9));
    }

    @JsonValue
    @Override
    public String toString() {
        return amount.toPlainString();
    }
}
