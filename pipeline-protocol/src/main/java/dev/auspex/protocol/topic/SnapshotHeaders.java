package dev.auspex.protocol.topic;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.ReplayOf;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of the {@code predictions} topic has to know without parsing the body.
 *
 * @param account the owner
 * @param sequence counts the snapshots of one prediction from 0, without gaps
 * @param change what this snapshot is news of; {@code null} for the creation and for moves no webhook asks for
 * @param status where the prediction stands
 * @param attempt the attempt whose output is shown; {@code null} before the first
 * @param webhook where to send it; {@code null} for nowhere
 * @param hardware the class it was submitted to; {@code null} in records of earlier releases
 * @param replayOf what it repeats; {@code null} for a submission of its own
 */
public record SnapshotHeaders(
        AccountId account,
        long sequence,
        @Nullable WebhookEvent change,
        PredictionStatus status,
        @Nullable AttemptId attempt,
        @Nullable Webhook webhook,
        @Nullable HardwareClass hardware,
        @Nullable ReplayOf replayOf) {

    static final String ACCOUNT = "account";
    private static final String SEQUENCE = "sequence";
    private static final String CHANGE = "change";
    private static final String STATUS = "status";
    private static final String ATTEMPT = "attempt";
    private static final String WEBHOOK = "webhook";
    private static final String FILTER = "webhook-events-filter";
    private static final String HARDWARE = "hardware";

    private static final Set<String> ENDS = Arrays.stream(PredictionStatus.values())
            .filter(PredictionStatus::isTerminal)
            .map(PredictionStatus::wireName)
            .collect(Collectors.toUnmodifiableSet());

    /** Headers as earlier releases wrote them. */
    public SnapshotHeaders(
            AccountId account,
            long sequence,
            @Nullable WebhookEvent change,
            PredictionStatus status,
            @Nullable AttemptId attempt,
            @Nullable Webhook webhook) {
        this(account, sequence, change, status, attempt, webhook, null, null);
    }

    /** Whether the record is one of this account's, without reading the rest. */
    public static boolean belongsTo(AccountId account, Headers headers) {
        return account.value().equals(get(headers, ACCOUNT));
    }

    /** Whether the record says something of a prediction that had ended before, without reading the rest. */
    public static boolean isAfterTheEnd(Headers headers) {
        String status = get(headers, STATUS);
        return status != null && ENDS.contains(status) && !WebhookEvent.COMPLETED.wireName().equals(get(headers, CHANGE));
    }

    /** Adds them to a record. */
    public void writeTo(Headers headers) {
        put(headers, ACCOUNT, account.value());
        put(headers, SEQUENCE, Long.toString(sequence));
        put(headers, STATUS, status.wireName());
        if (change != null) {
            put(headers, CHANGE, change.wireName());
        }
        if (attempt != null) {
            put(headers, ATTEMPT, attempt.value());
        }
        if (webhook != null) {
            put(headers, WEBHOOK, webhook.url());
            if (webhook.filter() != null) {
                put(headers, FILTER,
                        webhook.filter().stream().map(WebhookEvent::wireName).collect(Collectors.joining(",")));
            }
        }
        if (hardware != null) {
            put(headers, HARDWARE, hardware.value());
        }
        if (replayOf != null) {
            ReplayHeaders.write(replayOf, headers);
        }
    }

    /** @throws IllegalArgumentException if a required header is missing or malformed */
    public static SnapshotHeaders readFrom(Headers headers) {
        String url = get(headers, WEBHOOK);
        String filter = get(headers, FILTER);
        String change = get(headers, CHANGE);
        String attempt = get(headers, ATTEMPT);
        String hardware = get(headers, HARDWARE);
        List<WebhookEvent> events =
                filter == null ? null : Arrays.stream(filter.split(",")).map(WebhookEvent::of).toList();
        return new SnapshotHeaders(
                new AccountId(required(headers, ACCOUNT)),
                Long.parseLong(required(headers, SEQUENCE)),
                change == null ? null : WebhookEvent.of(change),
                PredictionStatus.of(required(headers, STATUS)),
                attempt == null ? null : new AttemptId(attempt),
                url == null ? null : new Webhook(url, events),
                hardware == null ? null : new HardwareClass(hardware),
                ReplayHeaders.read(headers).orElse(null));
    }

    private static String required(Headers headers, String name) {
        String value = get(headers, name);
        if (value == null) {
            throw new IllegalArgumentException("snapshot without header " + name);
        }
        return value;
    }

    static @Nullable String get(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
