package dev.auspex.runtime.files;

import dev.auspex.protocol.AccountId;
import dev.auspex.runtime.security.MasterSecret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;

/**
 * Download permissions for uploads that need no token: base64 of HMAC-SHA256 over {@code <owner> <id> <expiry>}, as
 * Replicate defines it, under the account's files key. Safe for any thread.
 */
public final class FileSignature {

    private final MasterSecret secret;

    /** @param secret the installation's */
    public FileSignature(MasterSecret secret) {
        this.secret = secret;
    }

    /** The signature, in the standard base64 alphabet. @param expiry unix seconds */
    public String sign(AccountId owner, FileId id, long expiry) {
        return Base64.getEncoder().encodeToString(mac(owner, id, expiry));
    }

    /**
     * Whether the signature is ours and its time is not over.
     *
     * @param signature in either base64 alphabet, with or without padding; a {@code +} that a URL decoder turned into a
     *     space is understood
     */
    public boolean permits(AccountId owner, FileId id, long expiry, String signature, Instant now) {
        if (now.getEpochSecond() >= expiry) {
            return false;
        }
        String standard = signature.replace(' ', '+').replace('-', '+').replace('_', '/');
        try {
            return MessageDigest.isEqual(mac(owner, id, expiry), Base64.getDecoder().decode(standard));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * An upload's content for whoever has this address, until the time given.
     *
     * @param baseUrl the API's public address without a trailing slash
     */
    public String downloadUrl(String baseUrl, AccountId owner, FileId id, Instant expiresAt) {
        long expiry = expiresAt.getEpochSecond();
        return FileUrls.upload(baseUrl, id) + "/download?owner=" + owner + "&expiry=" + expiry + "&signature="
                + URLEncoder.encode(sign(owner, id, expiry), StandardCharsets.UTF_8);
    }

    private byte[] mac(AccountId owner, FileId id, long expiry) {
        byte[] key = secret.derive("files", owner.value());
        return MasterSecret.hmac(key, (owner + " " + id + " " + expiry).getBytes(StandardCharsets.UTF_8));
    }
}
