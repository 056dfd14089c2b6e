package dev.auspex.runtime.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts secrets that have to be stored because they are not ours to derive: AES-256-GCM under a key derived from the
 * installation's secret, one for each subject. Immutable; safe for any thread.
 */
public final class Seal {

    private static final String VERSION = "v1.";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final MasterSecret secret;
    private final String purpose;
    private final SecureRandom random = new SecureRandom();

    /** @param purpose what is sealed: keys of different purposes differ */
    public Seal(MasterSecret secret, String purpose) {
        this.secret = secret;
        this.purpose = purpose;
    }

    /**
     * Encrypts.
     *
     * @param subject whose secret it is
     * @param context what it belongs to: it can only be opened together with the same
     */
    public String close(String subject, String context, byte[] content) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, subject, context, nonce).doFinal(content);
            return VERSION + Base64.getEncoder().encodeToString(
                    ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** Decrypts. @throws IllegalStateException if it was not closed by this installation for the same subject and context */
    public byte[] open(String subject, String context, String sealed) {
        try {
            if (!sealed.startsWith(VERSION)) {
                throw new GeneralSecurityException("unknown form");
            }
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(sealed.substring(VERSION.length())));
            byte[] nonce = new byte[NONCE_BYTES];
            bytes.get(nonce);
            byte[] rest = new byte[bytes.remaining()];
            bytes.get(rest);
            return cipher(Cipher.DECRYPT_MODE, subject, context, nonce).doFinal(rest);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IllegalStateException("a stored secret cannot be opened with this installation's secret", e);
        }
    }

    private Cipher cipher(int mode, String subject, String context, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(
                mode, new SecretKeySpec(secret.derive(purpose, subject), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
