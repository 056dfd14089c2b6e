package dev.auspex.dispatcher.http;

import dev.auspex.protocol.delivery.ClientCertificate;
import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.runtime.security.MasterSecret;
import dev.auspex.runtime.security.Seal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Client certificates of registered endpoints, stored with their private keys, which are sealed for the endpoint and the
 * certificate. Immutable; safe for any thread.
 */
public final class ClientCertificates {

    /** Of the chain, and of the key: characters. */
    public static final int LONGEST_PEM = 24 * 1024;

    private static final int LONGEST_CHAIN = 10;
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private final Seal seal;

    /** @param secret of the installation */
    public ClientCertificates(MasterSecret secret) {
        this.seal = new Seal(secret, "webhook-client-key");
    }

    /**
     * Reads a certificate with its key and seals the key.
     *
     * @param chainPem X.509 certificates, the endpoint's own first
     * @param keyPem its private key, RSA or EC, PKCS #8, not encrypted
     * @throws IllegalArgumentException with what was expected, never with any part of the key
     */
    public ClientCertificate seal(EndpointId endpoint, String chainPem, String keyPem, Instant now) {
        List<X509Certificate> chain = chain(chainPem);
        X509Certificate own = chain.getFirst();
        if (own.getNotAfter().toInstant().isBefore(now)) {
            throw new IllegalArgumentException("a certificate that has not expired");
        }
        PrivateKey key = key(keyPem, own.getPublicKey());
        String canonical = pem(chain);
        return new ClientCertificate(canonical, seal.close(endpoint.value(), canonical, key.getEncoded()));
    }

    /**
     * The certificate and its key for connections.
     *
     * @throws IllegalStateException if the key was sealed by another installation, or not for this certificate
     */
    PemKeyCertOptions open(EndpointId endpoint, ClientCertificate certificate) {
        byte[] key = seal.open(endpoint.value(), certificate.chain(), certificate.sealedKey());
        return new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(certificate.chain()))
                .addKeyValue(Buffer.buffer(pem("PRIVATE KEY", key)));
    }

    /** The endpoint's own certificate. */
    public static X509Certificate own(ClientCertificate certificate) {
        return chain(certificate.chain()).getFirst();
    }

    private static List<X509Certificate> chain(String pem) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
                    .forEach(one -> chain.add((X509Certificate) one));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("X.509 certificates, PEM, the endpoint's own first", e);
        }
        if (chain.isEmpty() || chain.size() > LONGEST_CHAIN) {
            throw new IllegalArgumentException("1 to " + LONGEST_CHAIN + " X.509 certificates, PEM, the endpoint's own first");
        }
        return chain;
    }

    private static PrivateKey key(String pem, PublicKey of) {
        String algorithm = of.getAlgorithm();
        if (!algorithm.equals("RSA") && !algorithm.equals("EC")) {
            throw new IllegalArgumentException("a certificate with an RSA or EC key");
        }
        Matcher matcher = KEY.matcher(pem);
        if (!matcher.find() || !matcher.group(1).equals("PRIVATE KEY")) {
            throw new IllegalArgumentException(
                    "a private key, PKCS #8, PEM, not encrypted (openssl pkcs8 -topk8 -nocrypt makes one)");
        }
        try {
            PrivateKey key = KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(2))));
            if (belong(key, of)) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            // told the same: what is in it must not be told
        }
        throw new IllegalArgumentException("the private key of the first certificate");
    }

    private static boolean belong(PrivateKey key, PublicKey to) throws GeneralSecurityException {
        String algorithm = to.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] text = "the same pair".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(to);
        signature.update(text);
        return signature.verify(signed);
    }

    private static String pem(List<X509Certificate> chain) {
        StringBuilder pem = new StringBuilder();
        try {
            for (X509Certificate certificate : chain) {
                pem.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("X.509 certificates, PEM, the endpoint's own first", e);
        }
        return pem.toString();
    }

    private static String pem(String what, byte[] content) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN " + what + "-----\n" + lines.encodeToString(content) + "\n-----END " + what + "-----\n";
    }
}
