package dev.auspex.gateway.domain;

import dev.auspex.protocol.PredictionStatus;
import java.util.List;

/**
 * Which statuses a caller knows. Clients of Replicate poll for ever when they see another one, so a prediction whose deadline
 * passed before it began is {@code canceled} to everybody who does not ask with the header {@code Auspex-Statuses: aborted}.
 */
public enum StatusNames {
    /** Replicate's. */
    PUBLIC,
    /** {@code aborted}, too. */
    OWN;

    /** The header's name. */
    public static final String HEADER = "Auspex-Statuses";

    /** What the headers ask for; none asks for nothing. @throws ApiException 422 if one names anything but {@code aborted} */
    public static StatusNames read(List<String> headers) {
        for (String header : headers) {
            if (!header.strip().equals(PredictionStatus.ABORTED.wireName())) {
                throw ApiException.invalid(HEADER, FieldProblems.FORMAT, "expected aborted");
            }
        }
        return headers.isEmpty() ? PUBLIC : OWN;
    }
}
