package dev.auspex.dispatcher.http;

import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.runtime.security.MasterSecret;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The keys of registered endpoints, derived from the installation's secret: nothing secret is stored, and rotating one is
 * counting on. Immutable; safe for any thread.
 */
public final class EndpointKeys {

    private static final int SECRET_BYTES = 24;
    private static final int PUBLIC_KEY_BYTES = 32;

    private final MasterSecret secret;

    /** @param secret of the installation */
    public EndpointKeys(MasterSecret secret) {
        this.secret = secret;
    }

    /** The 24 bytes behind {@link #secret}. */
    byte[] key(EndpointId endpoint, int version) {
        return Arrays.copyOf(secret.derive("webhook-endpoint", endpoint + "/" + version), SECRET_BYTES);
    }

    /** The signing secret, {@code whsec_…}. @param version counts rotations from 1 */
    public String secret(EndpointId endpoint, int version) {
        return "whsec_" + Base64.getEncoder().encodeToString(key(endpoint, version));
    }

    /** The key of {@code v1a} signatures. */
    PrivateKey privateKey(EndpointId endpoint) {
        return pair(endpoint).getPrivate();
    }

    /** What verifies them, {@code whpk_…}. */
    public String publicKey(EndpointId endpoint) {
        byte[] encoded = pair(endpoint).getPublic().getEncoded();
        byte[] key = Arrays.copyOfRange(encoded, encoded.length - PUBLIC_KEY_BYTES, encoded.length);
        return "whpk_" + Base64.getEncoder().encodeToString(key);
    }

    // The JDK makes a public key only while it makes a pair, and takes the private key's 32 bytes from the random source.
    private KeyPair pair(EndpointId endpoint) {
        byte[] seed = secret.derive("webhook-endpoint-ed25519", endpoint.value());
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(255, new FixedRandom(seed));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has Ed25519", e);
        }
    }

    private static final class FixedRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] seed;

        private FixedRandom(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
