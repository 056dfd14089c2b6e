package dev.auspex.dispatcher.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an answer's body: text with everything replaced that was secret in the request, because receivers that
 * are being debugged echo what they got. Immutable.
 *
 * @param secrets texts that must not be kept
 */
record AnswerText(List<String> secrets) {

    private static final String HIDDEN = "(hidden)";

    /** Copies the list. */
    AnswerText {
        secrets = List.copyOf(secrets);
    }

    /** @param encoding the answer's {@code content-encoding}: encoded bodies are not expanded, so they are not shown */
    @Nullable String of(byte[] body, @Nullable String encoding) {
        if (body.length == 0) {
            return null;
        }
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return "(encoded, not expanded)";
        }
        String text = new String(body, StandardCharsets.UTF_8);
        for (String secret : secrets) {
            text = text.replace(secret, HIDDEN);
        }
        return text;
    }
}
