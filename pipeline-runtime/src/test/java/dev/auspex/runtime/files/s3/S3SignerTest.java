package dev.auspex.runtime.files.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.runtime.config.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of the Amazon S3 API reference, "Authenticating Requests (AWS Signature Version 4)". */
class S3SignerTest {

    private static final String NO_BODY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final Instant NOW = Instant.parse("2013-05-24T00:00:00Z");
    private static final Map<String, String> HOST = Map.of("host", "examplebucket.s3.amazonaws.com");

    private final S3Signer signer = new S3Signer(
            "us-east-1", "AKIAIOSFODNN7EXAMPLE", new Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));

    private String authorization(S3Signer.Request request, String hash) {
        return signer.headers(request, hash, NOW).get("authorization");
    }

    @Test
    void shouldSignAsTheReferenceDoesWhenPartOfAnObjectIsRead() {
        S3Signer.Request request = new S3Signer.Request(
                "GET", "/test.txt", Map.of(), Map.of("host", HOST.get("host"), "range", "bytes=0-9"));

        assertThat(authorization(request, NO_BODY)).isEqualTo(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    @Test
    void shouldSignAsTheReferenceDoesWhenAnObjectIsStored() {
        S3Signer.Request request = new S3Signer.Request(
                "PUT", "/" + S3Signer.encode("test$file.text", true), Map.of(), Map.of(
                        "host", HOST.get("host"), "date", "Fri, 24 May 2013 00:00:00 GMT",
                        "x-amz-storage-class", "REDUCED_REDUNDANCY"));

        assertThat(authorization(request, "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"))
                .endsWith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    @Test
    void shouldSignAsTheReferenceDoesWhenObjectsAreListed() {
        S3Signer.Request request =
                new S3Signer.Request("GET", "/", Map.of("prefix", "J", "max-keys", "2"), HOST);

        assertThat(authorization(request, NO_BODY))
                .endsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }

    @Test
    void shouldSignAsTheReferenceDoesWhenAnAddressCarriesItsPermission() {
        S3Signer.Request request = new S3Signer.Request("GET", "/test.txt", Map.of(), HOST);

        assertThat(signer.query(request, Duration.ofDays(1), NOW))
                .endsWith("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    }
}
