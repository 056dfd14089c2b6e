package dev.auspex.dispatcher.http;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import dev.auspex.protocol.delivery.WebhookEndpoint.Signing;
import dev.auspex.runtime.security.MasterSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs messages as Standard Webhooks 1.0 asks: HMAC-SHA256 over {@code id.timestamp.body} with the account's key, or with
 * the keys of a registered endpoint: the current one, the one before while a rotation's overlap lasts, and Ed25519. Keeps
 * prepared keys of recent receivers. One thread only.
 */
public final class Signer {

    private static final int MOST_KEYS = 1000;

    /** What is signed. */
    record Message(String id, long timestamp, byte[] body) {
        byte[] head() {
            return (id + "." + timestamp + ".").getBytes(StandardCharsets.US_ASCII);
        }
    }

    private final Function<AccountId, byte[]> keys;
    private final EndpointKeys endpointKeys;
    private final Map<String, Mac> macs = new Recent<>();
    private final Map<String, PrivateKey> privateKeys = new Recent<>();

    /**
     * @param keys the raw key of an account, such as {@link MasterSecret#webhookKey}
     * @param endpointKeys those of registered endpoints
     */
    public Signer(Function<AccountId, byte[]> keys, EndpointKeys endpointKeys) {
        this.keys = keys;
        this.endpointKeys = endpointKeys;
    }

    /** The value of {@code webhook-signature} with the account's key. */
    String sign(AccountId account, Message message) {
        return hmac(account.value(), () -> keys.apply(account), message);
    }

    /** The value of {@code webhook-signature} with an endpoint's keys. */
    String sign(WebhookEndpoint endpoint, Message message) {
        Signing signing = endpoint.signing();
        StringBuilder all = new StringBuilder(endpointHmac(endpoint, signing.version(), message));
        if (signing.previousUntil() != null && message.timestamp() < signing.previousUntil().getEpochSecond()) {
            all.append(' ').append(endpointHmac(endpoint, signing.version() - 1, message));
        }
        if (signing.asymmetric()) {
            all.append(" v1a,").append(base64(ed25519(endpoint, message)));
        }
        return all.toString();
    }

    private String endpointHmac(WebhookEndpoint endpoint, int version, Message message) {
        return hmac(endpoint.id() + "/" + version, () -> endpointKeys.key(endpoint.id(), version), message);
    }

    private String hmac(String name, Supplier<byte[]> key, Message message) {
        Mac mac = macs.computeIfAbsent(name, missing -> prepare(key.get()));
        mac.update(message.head());
        return "v1," + base64(mac.doFinal(message.body()));
    }

    private byte[] ed25519(WebhookEndpoint endpoint, Message message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(privateKeys.computeIfAbsent(
                    endpoint.id().value(), missing -> endpointKeys.privateKey(endpoint.id())));
            signature.update(message.head());
            signature.update(message.body());
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has Ed25519", e);
        }
    }

    // Standard alphabet with padding: verifiers split the secret and the list at characters of the URL-safe one.
    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Mac prepare(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static final class Recent<T> extends LinkedHashMap<String, T> {
        private static final long serialVersionUID = 1L;

        private Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
            return size() > MOST_KEYS;
        }
    }
}
