package dev.auspex.runtime.http;

import dev.auspex.runtime.security.MasterSecret;
import io.vertx.core.http.HttpServerRequest;

/**
 * The token that services of one installation show each other: derived from its secret, so there is nothing to hand out.
 * Immutable; safe for any thread.
 */
public final class InternalAccess {

    private static final String BEARER = "Bearer ";
    private static final String PURPOSE = "internal";

    private final MasterSecret secret;
    private final String service;

    /** @param service the kind of service that is asked, such as {@code router} */
    public InternalAccess(MasterSecret secret, String service) {
        this.secret = secret;
        this.service = service;
    }

    /** What the {@code Authorization} header of a question says. */
    public String header() {
        return BEARER + secret.sign(PURPOSE, service);
    }

    /** Whether one of us asks. */
    public boolean isShownBy(HttpServerRequest request) {
        String header = request.getHeader("authorization");
        return header != null
                && header.startsWith(BEARER)
                && secret.verify(PURPOSE, service, header.substring(BEARER.length()));
    }
}
