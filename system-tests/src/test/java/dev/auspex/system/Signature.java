package dev.auspex.system;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Standard Webhooks 1.0 as a receiver computes it, independent of the dispatcher's code. */
final class Signature {

    private static final String SECRET_PREFIX = "whsec_";

    private Signature() {}

    /** The one signature a delivery should carry. */
    static String of(String secret, WebhookReceiver.Delivery delivery) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length())), "HmacSHA256"));
        mac.update((delivery.header("webhook-id") + "." + delivery.header("webhook-timestamp") + ".")
                .getBytes(StandardCharsets.UTF_8));
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(delivery.body()));
    }
}
