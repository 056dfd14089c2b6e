package dev.auspex.dispatcher.http;

import dev.auspex.protocol.AccountId;
import dev.auspex.runtime.security.MasterSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs messages as Standard Webhooks 1.0 asks: HMAC-SHA256 over {@code id.timestamp.body} with the account's key. Keeps
 * prepared MACs of recent accounts. One thread only.
 */
public final class Signer {

    private static final int MOST_ACCOUNTS = 1000;

    private final Function<AccountId, byte[]> keys;
    private final Map<AccountId, Mac> macs = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountId, Mac> eldest) {
            return size() > MOST_ACCOUNTS;
        }
    };

    /** @param keys the raw key of an account, such as {@link MasterSecret#webhookKey} */
    public Signer(Function<AccountId, byte[]> keys) {
        this.keys = keys;
    }

    /**
     * The value of {@code webhook-signature}.
     *
     * @param id the value of {@code webhook-id}
     * @param timestamp the value of {@code webhook-timestamp}: seconds of Unix time of this attempt
     */
    public String sign(AccountId account, String id, long timestamp, byte[] body) {
        Mac mac = macs.computeIfAbsent(account, this::prepare);
        mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.US_ASCII));
        // Standard alphabet with padding: verifiers split the secret and the list at characters of the URL-safe one.
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    }

    private Mac prepare(AccountId account) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(keys.apply(account), "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
