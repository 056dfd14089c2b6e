package dev.auspex.protocol.delivery;

/**
 * What an endpoint's receiver is shown where TLS asks for a client certificate. Immutable; safe for any thread.
 *
 * @param chain the certificate and those that signed it, PEM, the endpoint's own first
 * @param sealedKey its private key, encrypted for this endpoint with a key that only the installation's secret gives
 */
public record ClientCertificate(String chain, String sealedKey) {}
