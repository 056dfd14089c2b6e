package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;

/**
 * A deployment's full name, {@code owner/name}. Immutable; safe for any thread.
 *
 * @param owner the account it belongs to
 * @param name its name within the account
 */
public record DeploymentName(AccountId owner, String name) implements Comparable<DeploymentName> {

    private static final IdForm NAME = new IdForm(1, 100, IdForm.LETTERS_AND_DIGITS, "._-");

    /** @throws IllegalArgumentException if the name is not 1 to 100 letters, digits, '.', '_' and '-' */
    public DeploymentName {
        if (!NAME.fits(name)) {
            throw new IllegalArgumentException("expected a deployment name of the form owner/name");
        }
    }

    /** Reads {@code owner/name}; empty if the text has another form. */
    public static Optional<DeploymentName> parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? Optional.empty() : parse(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The name of these two parts; empty if they cannot be one. */
    public static Optional<DeploymentName> parse(String owner, String name) {
        return AccountId.isValid(owner) && NAME.fits(name)
                ? Optional.of(new DeploymentName(new AccountId(owner), name))
                : Optional.empty();
    }

    /** @throws IllegalArgumentException if the text is not {@code owner/name} */
    @JsonCreator
    public static DeploymentName of(String text) {
        return parse(text).orElseThrow(
                () -> new IllegalArgumentException("expected a deployment name of the form owner/name"));
    }

    @Override
    public int compareTo(DeploymentName other) {
        return toString().compareTo(other.toString());
    }

    @JsonValue
    @Override
    public String toString() {
        return owner + "/" + name;
    }
}
