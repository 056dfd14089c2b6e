package dev.auspex.dispatcher.testing;

import io.vertx.core.net.PfxOptions;
import java.io.InputStream;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Objects;

/** Certificates made for these tests: the key of {@code <name>.example.test}, which signs itself. */
public final class TestKeys {

    private static final String PASSWORD = "for tests";

    private TestKeys() {}

    /** For a server, or to trust it. */
    public static PfxOptions pfx(String name) {
        return new PfxOptions().setPath("tls/" + name + ".p12").setPassword(PASSWORD);
    }

    /** The certificate as an API client writes it. */
    public static String certificate(String name) throws Exception {
        KeyStore store = store(name);
        return pem("CERTIFICATE", store.getCertificate(store.aliases().nextElement()).getEncoded());
    }

    /** Its private key as an API client writes it. */
    public static String key(String name) throws Exception {
        KeyStore store = store(name);
        Key key = store.getKey(store.aliases().nextElement(), PASSWORD.toCharArray());
        return pem("PRIVATE KEY", key.getEncoded());
    }

    public static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }

    private static KeyStore store(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = TestKeys.class.getResourceAsStream("/tls/" + name + ".p12")) {
            store.load(Objects.requireNonNull(file), PASSWORD.toCharArray());
        }
        return store;
    }
}
