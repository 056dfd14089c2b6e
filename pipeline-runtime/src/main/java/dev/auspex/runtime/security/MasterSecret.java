package dev.auspex.runtime.security;

import dev.auspex.protocol.AccountId;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The installation's one secret and the keys derived from it, so that services agree on them without talking: HMAC-SHA256
 * of the secret over the key's purpose. Safe for any thread.
 */
public final class MasterSecret {

    private static final int MIN_LENGTH = 32;
    private static final int WEBHOOK_KEY_BYTES = 24;

    /** Keyed and never used itself: a clone costs half of looking the algorithm up and keying it again. */
    private final Mac keyed;

    /** @throws ConfigException if it is shorter than 32 characters */
    public MasterSecret(Secret secret) {
        if (secret.value().length() < MIN_LENGTH) {
            throw new ConfigException("secret (AUSPEX_SECRET): expected at least " + MIN_LENGTH + " characters");
        }
        this.keyed = mac(secret.value().getBytes(StandardCharsets.UTF_8));
    }

    /** The configured secret, else the one in the data folder, which is made at first use. */
    public static MasterSecret load(Settings settings) throws IOException {
        if (settings.find(Keys.SECRET).isPresent()) {
            return new MasterSecret(settings.get(Keys.SECRET));
        }
        return new MasterSecret(new Secret(readOrCreate(settings.get(Keys.DATA).resolve("secret"), "")));
    }

    /** The text in a file only its owner can read; made of 32 random bytes if there is none. */
    public static String readOrCreate(Path file, String prefix) throws IOException {
        if (Files.notExists(file)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            try {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, prefix + HexFormat.of().formatHex(random) + "\n", StandardOpenOption.WRITE);
            } catch (FileAlreadyExistsException e) {
                // another process of the same installation was quicker: use its text
            }
        }
        return Files.readString(file).strip();
    }

    /** The account's default webhook signing secret, {@code whsec_…}. */
    public String webhookSecret(AccountId account) {
        return "whsec_" + Base64.getEncoder().encodeToString(webhookKey(account));
    }

    /** The 24 bytes behind {@link #webhookSecret}. */
    public byte[] webhookKey(AccountId account) {
        return Arrays.copyOf(derive("webhook", account.value()), WEBHOOK_KEY_BYTES);
    }

    /** 32 bytes for a purpose and a subject. */
    public byte[] derive(String purpose, String subject) {
        return copy().doFinal((purpose + "\n" + subject).getBytes(StandardCharsets.UTF_8));
    }

    /** A URL-safe tag of 128 bits that proves we wrote the text. */
    public String sign(String purpose, String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(derive(purpose, text), 16));
    }

    /** Whether {@link #sign} gave this tag; takes the same time for every wrong one. */
    public boolean verify(String purpose, String text, String tag) {
        return MessageDigest.isEqual(
                sign(purpose, text).getBytes(StandardCharsets.US_ASCII), tag.getBytes(StandardCharsets.US_ASCII));
    }

    /** HMAC-SHA256. */
    public static byte[] hmac(byte[] key, byte[] content) {
        return mac(key).doFinal(content);
    }

    /** HMAC-SHA256 with the key that {@link #derive} gives: for one thread that needs it often. */
    public Mac deriveMac(String purpose, String subject) {
        return mac(derive(purpose, subject));
    }

    private Mac copy() {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's HmacSHA256 can be cloned", e);
        }
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
