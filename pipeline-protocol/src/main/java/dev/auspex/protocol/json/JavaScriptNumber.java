package dev.auspex.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Prints numbers as ECMAScript does (ECMA-262, Number::toString): {@code 5} and not {@code 5.0}, {@code 1e+21} and not
 * {@code 1.0E21}. Every number is first taken as an IEEE 754 double, which is what a JavaScript reader makes of it.
 */
final class JavaScriptNumber {

    private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

    private JavaScriptNumber() {}

    static String format(JsonNode number) {
        if (number.canConvertToLong() && number.isIntegralNumber()) {
            long value = number.longValue();
            if (value >= -MAX_SAFE_INTEGER && value <= MAX_SAFE_INTEGER) {
                return Long.toString(value);
            }
        }
        return format(number.doubleValue());
    }

    static String format(double value) {
        if (value == 0) {
            return "0";
        }
        if (!Double.isFinite(value)) {
            // JSON.stringify prints null for these; a parsed document cannot hold them.
            return "null";
        }
        BigDecimal decimal = shortest(Math.abs(value));
        String digits = decimal.unscaledValue().toString();
        int pointAfter = digits.length() - decimal.scale();
        StringBuilder text = new StringBuilder(value < 0 ? "-" : "");
        if (pointAfter > 21 || pointAfter < -5) {
            text.append(digits.charAt(0));
            if (digits.length() > 1) {
                text.append('.').append(digits, 1, digits.length());
            }
            int exponent = pointAfter - 1;
            return text.append('e').append(exponent < 0 ? '-' : '+').append(Math.abs(exponent)).toString();
        }
        if (pointAfter <= 0) {
            return text.append("0.").append("0".repeat(-pointAfter)).append(digits).toString();
        }
        if (pointAfter >= digits.length()) {
            return text.append(digits).append("0".repeat(pointAfter - digits.length())).toString();
        }
        return text.append(digits, 0, pointAfter).append('.').append(digits, pointAfter, digits.length()).toString();
    }

    // Double.toString gives the shortest digits that read back as the same double (JDK 19 and newer), but at least two;
    // where doubles lie far apart, JavaScript does with one.
    private static BigDecimal shortest(double value) {
        if (value < Double.MIN_NORMAL) {
            BigDecimal oneDigit = new BigDecimal(value).round(new MathContext(1, RoundingMode.HALF_EVEN));
            if (oneDigit.doubleValue() == value) {
                return oneDigit.stripTrailingZeros();
            }
        }
        return new BigDecimal(Double.toString(value)).stripTrailingZeros();
    }
}
