package dev.auspex.standalone.webhooks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies messages as Standard Webhooks 1.0 describes: {@code v1} with a {@code whsec_…} secret, {@code v1a} with a
 * {@code whpk_…} public key. Immutable; safe for any thread.
 */
final class SignatureVerifier {

    private static final String SECRET = "whsec_";
    private static final String PUBLIC_KEY = "whpk_";
    /** What stands before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410). */
    private static final byte[] ED25519_HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String prefix;
    private final byte[] key;

    /** @throws IllegalArgumentException if the text is neither a secret nor a public key */
    SignatureVerifier(String secret) {
        this.prefix = secret.startsWith(PUBLIC_KEY) ? PUBLIC_KEY : SECRET;
        if (!secret.startsWith(prefix)) {
            throw new IllegalArgumentException("expected whsec_… or whpk_…");
        }
        this.key = Base64.getDecoder().decode(secret.substring(prefix.length()));
    }

    /**
     * Whether one of the signatures is right.
     *
     * @param signatures the header: signatures, each with its version, separated by spaces
     */
    boolean verify(String id, String timestamp, byte[] body, String signatures) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
        content.writeBytes(body);
        for (String signature : signatures.split(" ")) {
            int comma = signature.indexOf(',');
            if (comma > 0 && matches(signature.substring(0, comma), signature.substring(comma + 1), content.toByteArray())) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(String version, String signature, byte[] content) {
        try {
            byte[] given = Base64.getDecoder().decode(signature);
            return switch (version) {
                case "v1" -> prefix.equals(SECRET) && MessageDigest.isEqual(hmac(content), given);
                case "v1a" -> prefix.equals(PUBLIC_KEY) && signed(content, given);
                default -> false;
            };
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false;
        }
    }

    private byte[] hmac(byte[] content) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(content);
    }

    private boolean signed(byte[] content, byte[] given) throws GeneralSecurityException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.writeBytes(ED25519_HEADER);
        encoded.writeBytes(key);
        PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(publicKey);
        signature.update(content);
        return signature.verify(given);
    }
}
