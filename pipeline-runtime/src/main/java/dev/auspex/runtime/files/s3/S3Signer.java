package dev.auspex.runtime.files.s3;

import dev.auspex.runtime.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests to S3: AWS Signature Version 4, as the Amazon S3 API reference describes it ("Authenticating Requests"),
 * for single-chunk requests in a header and for addresses that carry their permission in the query. Immutable; safe for any
 * thread.
 *
 * @param region of the bucket
 * @param accessKey who signs
 * @param secretKey with what
 */
record S3Signer(String region, String accessKey, Secret secretKey) {

    /** For a body that is not hashed: the connection protects it. */
    static final String UNSIGNED = "UNSIGNED-PAYLOAD";

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String HMAC = "HmacSHA256";
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /**
     * What is signed.
     *
     * @param method of HTTP
     * @param path absolute and encoded
     * @param query names and values, not encoded
     * @param headers lower-case names and values; with {@code host}
     */
    record Request(String method, String path, Map<String, String> query, Map<String, String> headers) {}

    /** The headers to add to a request. @param bodyHash SHA-256 of the body in hexadecimal digits, or {@link #UNSIGNED} */
    Map<String, String> headers(Request request, String bodyHash, Instant now) {
        SortedMap<String, String> headers = new TreeMap<>(request.headers());
        headers.put("x-amz-date", TIME.format(now));
        headers.put("x-amz-content-sha256", bodyHash);
        String signature = signature(
                new Request(request.method(), request.path(), request.query(), headers), bodyHash, now);
        SortedMap<String, String> added = new TreeMap<>(headers);
        added.put("authorization", ALGORITHM + " Credential=" + accessKey + "/" + scope(now) + ",SignedHeaders="
                + names(headers) + ",Signature=" + signature);
        return added;
    }

    /** The query of an address that whoever has it may use for so long. */
    String query(Request request, Duration valid, Instant now) {
        SortedMap<String, String> query = new TreeMap<>(request.query());
        query.put("X-Amz-Algorithm", ALGORITHM);
        query.put("X-Amz-Credential", accessKey + "/" + scope(now));
        query.put("X-Amz-Date", TIME.format(now));
        query.put("X-Amz-Expires", Long.toString(valid.toSeconds()));
        query.put("X-Amz-SignedHeaders", names(new TreeMap<>(request.headers())));
        String signature =
                signature(new Request(request.method(), request.path(), query, request.headers()), UNSIGNED, now);
        return query(query) + "&X-Amz-Signature=" + signature;
    }

    private String signature(Request request, String bodyHash, Instant now) {
        SortedMap<String, String> headers = new TreeMap<>(request.headers());
        String canonical = String.join("\n",
                request.method(),
                request.path(),
                query(request.query()),
                headers.entrySet().stream()
                        .map(header -> header.getKey() + ":" + header.getValue().strip() + "\n")
                        .collect(Collectors.joining()),
                names(headers),
                bodyHash);
        String toSign = String.join("\n", ALGORITHM, TIME.format(now), scope(now), sha256(canonical));
        byte[] key = ("AWS4" + secretKey.value()).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {date(now), region, "s3", "aws4_request"}) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private String scope(Instant now) {
        return date(now) + "/" + region + "/s3/aws4_request";
    }

    private static String date(Instant now) {
        return TIME.format(now).substring(0, 8);
    }

    private static String names(SortedMap<String, String> headers) {
        return String.join(";", headers.keySet());
    }

    /** Sorted and encoded as S3 wants it. */
    static String query(Map<String, String> parameters) {
        return new TreeMap<>(parameters).entrySet().stream()
                .map(each -> encode(each.getKey(), false) + "=" + encode(each.getValue(), false))
                .collect(Collectors.joining("&"));
    }

    /** Percent-encodes everything but what needs it nowhere (RFC 3986, unreserved). */
    static String encode(String text, boolean keepSlash) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (UNRESERVED.indexOf(c) >= 0 || (keepSlash && c == '/')) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", b & 0xFF));
            }
        }
        return encoded.toString();
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
