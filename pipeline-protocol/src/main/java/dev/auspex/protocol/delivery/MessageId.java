package dev.auspex.protocol.delivery;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * Names one webhook message: the {@code webhook-id} header of Standard Webhooks. It is computed from what the message is
 * about and never drawn, so every retry and every repeat after a crash carries the same one. Immutable; safe for any
 * thread.
 *
 * @param value {@code msg_} and 26 characters of {@code a-z2-7}
 */
public record MessageId(@JsonValue String value) implements Comparable<MessageId> {

    private static final Pattern FORM = Pattern.compile("msg_[a-z2-7]{26}");
    private static final char[] DIGITS = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();
    private static final int DIGIT_COUNT = 26;
    private static final int DIGIT_BITS = 5;

    /** @throws IllegalArgumentException if the text does not have the form */
    @JsonCreator
    public MessageId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a message id: expected msg_ and 26 base32 characters");
        }
    }

    /** The id of the message about one snapshot: the first 130 bits of SHA-256 over its three coordinates. */
    public static MessageId of(PredictionId prediction, WebhookEvent event, long sequence) {
        return of(prediction.value() + "/" + event.wireName() + "/" + sequence);
    }

    /** The id of the same message when it goes to a registered endpoint: another receiver, another message. */
    public static MessageId of(PredictionId prediction, WebhookEvent event, long sequence, EndpointId endpoint) {
        return of(prediction.value() + "/" + event.wireName() + "/" + sequence + "/" + endpoint.value());
    }

    private static MessageId of(String subject) {
        byte[] hash = sha256(subject.getBytes(StandardCharsets.US_ASCII));
        StringBuilder text = new StringBuilder(4 + DIGIT_COUNT).append("msg_");
        int bits = 0;
        int available = 0;
        int next = 0;
        for (int i = 0; i < DIGIT_COUNT; i++) {
            if (available < DIGIT_BITS) {
                bits = (bits << 8) | (hash[next++] & 0xFF);
                available += 8;
            }
            available -= DIGIT_BITS;
            text.append(DIGITS[(bits >>> available) & 31]);
        }
        return new MessageId(text.toString());
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int compareTo(MessageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
