package dev.auspex.gateway.domain;

import dev.auspex.protocol.access.Scope;
import java.util.Optional;
import java.util.Set;

/**
 * Which scope a request needs, by its method and the first part of its path. What nobody has thought of may be read by
 * every token and changed by those that may change models. Pure.
 */
public final class ScopeRules {

    private static final String PREFIX = "/v1/";
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "QUERY");

    private ScopeRules() {}

    /**
     * The scope; empty if every token will do.
     *
     * @param path under {@code /v1/}, normalized as the routes see it: otherwise an escaped letter would lead past the rule
     */
    public static Optional<Scope> needed(String method, String path) {
        boolean reads = READING.contains(method);
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        String known = path.substring(0, end);
        int slash = known.indexOf('/', PREFIX.length());
        String area = known.length() < PREFIX.length()
                ? ""
                : known.substring(PREFIX.length(), slash < 0 ? known.length() : slash);
        return switch (area) {
            case "predictions", "replays", "dead" ->
                Optional.of(reads ? Scope.PREDICTIONS_READ : Scope.PREDICTIONS_WRITE);
            case "files" -> Optional.of(Scope.FILES);
            case "webhooks" -> Optional.of(Scope.WEBHOOKS);
            case "usage" -> Optional.of(Scope.USAGE);
            case "tokens" -> Optional.of(Scope.TOKENS);
            case "accounts" -> Optional.of(Scope.ADMIN);
            default -> {
                boolean creates = known.endsWith("/predictions");
                yield reads ? Optional.empty() : Optional.of(creates ? Scope.PREDICTIONS_WRITE : Scope.MODELS_WRITE);
            }
        };
    }
}
