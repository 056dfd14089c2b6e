package dev.auspex.gateway.domain;

import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.Priority;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Auspex-Priority}: {@code normal} or {@code low}. */
public final class PriorityWish {

    /** The header's name. */
    public static final String HEADER = "Auspex-Priority";

    private PriorityWish() {}

    /**
     * What the caller asks for.
     *
     * @param header as it came; {@code null} if it did not
     * @param deployment through which the prediction is made; {@code null} for none
     * @throws ApiException 422 if there is no such priority, or none to be chosen
     */
    public static Priority read(@Nullable String header, @Nullable DeploymentName deployment) {
        if (header == null) {
            return Priority.NORMAL;
        }
        Priority wish = Priority.parse(header.strip().toLowerCase(Locale.ROOT))
                .orElseThrow(() -> ApiException.invalid(HEADER, FieldProblems.ENUM, "expected normal or low"));
        if (wish != Priority.NORMAL && deployment != null) {
            throw ApiException.invalid(
                    HEADER, FieldProblems.ENUM, "predictions of a deployment wait for its instances and have no priority");
        }
        return wish;
    }
}
