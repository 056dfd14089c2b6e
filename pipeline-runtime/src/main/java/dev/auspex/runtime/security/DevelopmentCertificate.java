package dev.auspex.runtime.security;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority of this installation's own and the certificate that it gives the API, for development: official
 * clients take only files at https addresses for files. Both are made once, by the JDK's {@code keytool}, and kept; the
 * server's certificate is made anew when it runs out or lacks a name. Whoever trusts {@link #authority} trusts the API.
 * Blocks; not on an event loop.
 *
 * @param store a PKCS #12 key store with both
 * @param authority the authority's certificate, a PEM file
 */
public record DevelopmentCertificate(Path store, Path authority) {

    /** The entry of {@link #store} that a server uses. */
    public static final String ALIAS = "server";

    private static final String AUTHORITY_ALIAS = "authority";
    /** PKCS #12 wants one; what protects the keys is who may read the file. */
    private static final String PASSWORD = "development";
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    /** The longest that browsers accept. */
    private static final Duration SERVER_LIFE = Duration.ofDays(397);
    private static final Duration RENEWAL = Duration.ofDays(30);
    private static final int KEYTOOL_SECONDS = 60;

    /** Of {@link #store} and its keys. */
    public String password() {
        return PASSWORD;
    }

    /**
     * The certificate of an installation, made if there is none that can be used.
     *
     * @param folder the installation's data folder
     * @param clock says whether it has run out
     * @throws IOException if it can neither be read nor made, with what keytool said
     */
    public static DevelopmentCertificate open(Path folder, Clock clock) throws IOException {
        Path tls = folder.resolve("tls");
        Files.createDirectories(tls);
        Files.setPosixFilePermissions(tls, PosixFilePermissions.fromString("rwx------"));
        DevelopmentCertificate certificate =
                new DevelopmentCertificate(tls.resolve("development.p12"), authority(folder));
        Set<String> names = names();
        if (Files.notExists(certificate.authority) || Files.notExists(certificate.store)) {
            Files.deleteIfExists(certificate.store);
            certificate.makeAuthority();
        }
        X509Certificate server = certificate.server();
        if (server == null || !certificate.isUsable(server, names, clock)) {
            if (server != null) {
                certificate.keytool("-delete", "-alias", ALIAS);
            }
            certificate.makeServer(names);
        }
        return certificate;
    }

    /** For clients: trusts what this authority has signed, and nothing else. @throws IOException if it cannot be read */
    public static SSLContext trusting(Path authority) throws IOException {
        try (InputStream in = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, managers.getTrustManagers(), null);
            return tls;
        } catch (GeneralSecurityException e) {
            throw new IOException(authority + " is no certificate", e);
        }
    }

    /** Where an installation's authority is. @param folder its data folder */
    public static Path authority(Path folder) {
        return folder.resolve("tls").resolve("authority.pem");
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>(List.of("localhost"));
        try {
            String host = InetAddress.getLocalHost().getHostName();
            if (host.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?") && !host.matches("[0-9.]+")) {
                names.add(host);
            }
        } catch (UnknownHostException e) {
            return names; // a machine without a name is reached as localhost
        }
        return names;
    }

    private void makeAuthority() throws IOException {
        keytool(
                "-genkeypair", "-alias", AUTHORITY_ALIAS, "-keyalg", "EC", "-groupname", "secp256r1",
                "-dname", "CN=Auspex development authority, O=Auspex", "-validity", days(AUTHORITY_LIFE),
                "-ext", "bc:critical=ca:true,pathlen:0", "-ext", "ku:critical=keyCertSign");
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rw-------"));
        keytool("-exportcert", "-rfc", "-alias", AUTHORITY_ALIAS, "-file", authority.toString());
    }

    private void makeServer(Set<String> names) throws IOException {
        String alternatives = names.stream().map(name -> "dns:" + name).collect(Collectors.joining(","));
        keytool(
                "-genkeypair", "-alias", ALIAS, "-signer", AUTHORITY_ALIAS, "-keyalg", "EC", "-groupname", "secp256r1",
                "-dname", "CN=Auspex development, O=Auspex", "-validity", days(SERVER_LIFE),
                "-ext", "san=" + alternatives + ",ip:127.0.0.1,ip:0:0:0:0:0:0:0:1",
                "-ext", "eku=serverAuth", "-ext", "ku:critical=digitalSignature");
    }

    private static String days(Duration life) {
        return Long.toString(life.toDays());
    }

    private @Nullable X509Certificate server() throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            return keys.getCertificate(ALIAS) instanceof X509Certificate known ? known : null;
        } catch (GeneralSecurityException e) {
            throw new IOException(store + " is no key store of this installation: remove it to have another made", e);
        }
    }

    private boolean isUsable(X509Certificate server, Set<String> names, Clock clock) {
        try {
            Collection<List<?>> alternatives =
                    Objects.requireNonNullElse(server.getSubjectAlternativeNames(), List.<List<?>>of());
            Set<String> known =
                    alternatives.stream().map(name -> String.valueOf(name.get(1))).collect(Collectors.toSet());
            return known.containsAll(names) && clock.instant().plus(RENEWAL).isBefore(server.getNotAfter().toInstant());
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD, "-noprompt"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool " + arguments[0] + " did not succeed: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        } finally {
            process.destroy();
        }
    }
}
