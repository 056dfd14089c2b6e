package dev.auspex.dispatcher.http;

import dev.auspex.runtime.security.MasterSecret;

/**
 * How receivers are shown who calls.
 *
 * @param signer signs messages
 * @param certificates opens client certificates
 * @param headers opens the headers of endpoints
 */
public record Credentials(Signer signer, ClientCertificates certificates, EndpointHeaders headers) {

    /** Those of an installation. */
    public static Credentials of(MasterSecret secret) {
        return new Credentials(
                new Signer(secret::webhookKey, new EndpointKeys(secret)),
                new ClientCertificates(secret),
                new EndpointHeaders(secret));
    }
}
