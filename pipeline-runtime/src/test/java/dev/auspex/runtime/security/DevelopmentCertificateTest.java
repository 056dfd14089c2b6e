package dev.auspex.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentCertificateTest {

    @TempDir
    private Path folder;

    @Test
    void shouldKeepTheAuthorityAndRenewTheServersCertificateWhenItRunsOut() throws Exception {
        Clock clock = Clock.systemUTC();
        DevelopmentCertificate made = DevelopmentCertificate.open(folder, clock);
        String authority = Files.readString(made.authority());
        byte[] keys = Files.readAllBytes(made.store());
        assertThat(authority).startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.store()))).isEqualTo("rw-------");

        DevelopmentCertificate again = DevelopmentCertificate.open(folder, clock);
        assertThat(again).isEqualTo(made);
        assertThat(Files.readAllBytes(made.store())).as("nothing is made anew").isEqualTo(keys);

        DevelopmentCertificate.open(folder, Clock.offset(clock, Duration.ofDays(380)));
        assertThat(Files.readAllBytes(made.store())).as("the server's is").isNotEqualTo(keys);
        assertThat(Files.readString(made.authority())).as("whoever trusts it still does").isEqualTo(authority);
    }
}
