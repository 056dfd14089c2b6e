package dev.auspex.gateway.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What a token looks like and what is kept of it. It is 256 random bits, which nobody can try out, so its plain SHA-256 is
 * enough; slow hashes are for what people think up, and would cost more than the request (ADR 20). Safe for any thread.
 */
final class TokenSecret {

    private static final String PREFIX = "auspex_";
    private static final int RANDOM_BYTES = 32;

    private TokenSecret() {}

    /** A new one. */
    static String create(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** In lower-case hexadecimal digits. */
    static String hash(String token) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
