package dev.auspex.benchmarks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Verifies every n-th webhook as Standard Webhooks 1.0 says. Owned by the driver's event loop. */
final class SignatureCheck {

    private final byte[] key;
    private final int every;
    private int seen;
    private int checked;
    private int wrong;

    /**
     * @param secret {@code whsec_…} as the API gives it
     * @param every 1 for all, 100 for a hundredth
     */
    SignatureCheck(String secret, int every) {
        this.key = Base64.getDecoder().decode(secret.substring(secret.lastIndexOf('_') + 1));
        this.every = every;
    }

    /** Looks at a webhook; the first one and every n-th after it are verified. */
    void look(@Nullable String id, @Nullable String timestamp, @Nullable String signatures, byte[] body) {
        if (seen++ % every != 0) {
            return;
        }
        checked++;
        if (id == null || timestamp == null || signatures == null || !valid(id, timestamp, signatures, body)) {
            wrong++;
        }
    }

    private boolean valid(String id, String timestamp, String signatures, byte[] body) {
        byte[] expected = sign(key, id, timestamp, body).getBytes(StandardCharsets.US_ASCII);
        for (String signature : signatures.split(" ")) {
            if (MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.US_ASCII))) {
                return true;
            }
        }
        return false;
    }

    /** One entry of {@code webhook-signature}. */
    static String sign(byte[] key, String id, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** How many were verified so far. */
    int checked() {
        return checked;
    }

    /** How many of those had no valid signature. */
    int wrong() {
        return wrong;
    }
}
