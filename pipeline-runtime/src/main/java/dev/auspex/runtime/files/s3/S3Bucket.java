package dev.auspex.runtime.files.s3;

import dev.auspex.runtime.files.StorageAwayException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The five requests to a bucket that files need. What fails for a moment (no connection, 5xx, 429) is tried again a few
 * times; after that it is a {@link StorageAwayException}. Blocks. Safe for any thread.
 */
final class S3Bucket {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    /** From the request to the head of the answer; a body takes the time it takes. */
    private static final Duration ANSWER = Duration.ofSeconds(30);
    /** Of an upload with its body: 100 MiB over a slow line. */
    private static final Duration UPLOAD = Duration.ofMinutes(10);
    private static final int TRIES = 4;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final int PARTIAL = 206;
    private static final int NOT_FOUND = 404;
    private static final List<String> SET_BY_CLIENT = List.of("host", "content-length");

    private final URI endpoint;
    private final String bucket;
    private final S3Signer signer;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /** @param endpoint with scheme and host; the bucket's name follows in the path */
    S3Bucket(URI endpoint, String bucket, S3Signer signer, Clock clock) {
        this.endpoint = endpoint;
        this.bucket = bucket;
        this.signer = signer;
        this.clock = clock;
    }

    /** Stores an object. @param hash SHA-256 of the content in hexadecimal digits */
    void put(String key, Path content, String hash) throws IOException {
        put(key, BodyPublishers.ofFile(content), hash);
    }

    /** Stores a small object. */
    void put(String key, byte[] content) throws IOException {
        put(key, BodyPublishers.ofByteArray(content), S3Signer.UNSIGNED);
    }

    private void put(String key, BodyPublisher content, String hash) throws IOException {
        Call call = new Call("PUT", key, Map.of(), Map.of(), hash, UPLOAD);
        try (InputStream answer = send(call, content).body()) {
            answer.skip(Long.MAX_VALUE);
        }
    }

    /** An object's bytes from this one on. @throws FileNotFoundException if there is no such object */
    InputStream get(String key, long from) throws IOException {
        Map<String, String> headers = from == 0 ? Map.of() : Map.of("range", "bytes=" + from + "-");
        HttpResponse<InputStream> answer =
                send(new Call("GET", key, Map.of(), headers, S3Signer.UNSIGNED, ANSWER), BodyPublishers.noBody());
        if (answer.statusCode() != PARTIAL) {
            answer.body().skipNBytes(from); // a server need not know ranges (RFC 9110 §14.2)
        }
        return answer.body();
    }

    /** Removes an object, if it is there. */
    void delete(String key) throws IOException {
        Call call = new Call("DELETE", key, Map.of(), Map.of(), S3Signer.UNSIGNED, ANSWER);
        try (InputStream answer = send(call, BodyPublishers.noBody()).body()) {
            answer.skip(Long.MAX_VALUE);
        } catch (FileNotFoundException e) {
            return; // Amazon's answers 204 all the same, others do not
        }
    }

    /** Keys in order. @param after only such that come after this one @param limit at most so many */
    List<String> list(String prefix, String after, int limit) throws IOException {
        Map<String, String> query = new TreeMap<>(Map.of(
                "list-type", "2", "prefix", prefix, "max-keys", Integer.toString(Math.min(limit, 1_000))));
        if (!after.isEmpty()) {
            query.put("start-after", after);
        }
        Call call = new Call("GET", "", query, Map.of(), S3Signer.UNSIGNED, ANSWER);
        try (InputStream answer = send(call, BodyPublishers.noBody()).body()) {
            return keys(answer);
        }
    }

    /** Where anybody can read the object for so long. */
    URI signed(String key, Duration valid) {
        String path = path(key);
        String query = signer.query(
                new S3Signer.Request("GET", path, Map.of(), Map.of("host", host())), valid, clock.instant());
        return URI.create(endpoint + path + "?" + query);
    }

    /**
     * A request.
     *
     * @param method of HTTP
     * @param key of the object; empty for the bucket
     * @param query not encoded
     * @param headers to be signed
     * @param hash of the body
     * @param limit for the head of the answer
     */
    private record Call(
            String method, String key, Map<String, String> query, Map<String, String> headers, String hash,
            Duration limit) {}

    private HttpResponse<InputStream> send(Call call, BodyPublisher body) throws IOException {
        IOException last = new StorageAwayException("not tried", null);
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            try {
                HttpResponse<InputStream> response = http.send(request(call, body), BodyHandlers.ofInputStream());
                int status = response.statusCode();
                if (status / 100 == 2) {
                    return response;
                }
                String said = said(response);
                if (status == NOT_FOUND) {
                    throw new FileNotFoundException("no object " + call.key());
                }
                last = new StorageAwayException("the file store answered " + status + " to " + call.method() + said, null);
                if (status != 429 && status / 100 != 5) {
                    break; // it would say the same again: wrong keys, no such bucket, a clock that is wrong
                }
            } catch (FileNotFoundException e) {
                throw e;
            } catch (IOException e) {
                last = new StorageAwayException("the file store cannot be reached", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            pause(attempt);
        }
        throw last;
    }

    private static void pause(int attempt) throws IOException {
        if (attempt == TRIES) {
            return;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS << (attempt - 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HttpRequest request(Call call, BodyPublisher body) {
        String path = path(call.key());
        Map<String, String> headers = new TreeMap<>(call.headers());
        headers.put("host", host());
        Map<String, String> signed = signer.headers(
                new S3Signer.Request(call.method(), path, call.query(), headers), call.hash(), clock.instant());
        String query = S3Signer.query(call.query());
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(endpoint + path + (query.isEmpty() ? "" : "?" + query)))
                .timeout(call.limit())
                .method(call.method(), body);
        signed.forEach((name, value) -> {
            if (!SET_BY_CLIENT.contains(name)) {
                request.header(name, value);
            }
        });
        return request.build();
    }

    private String path(String key) {
        return "/" + S3Signer.encode(bucket, false) + (key.isEmpty() ? "" : "/" + S3Signer.encode(key, true));
    }

    private String host() {
        return endpoint.getPort() < 0 ? endpoint.getHost() : endpoint.getHost() + ":" + endpoint.getPort();
    }

    // The code of an error, such as SignatureDoesNotMatch: never anything secret.
    private static String said(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            XMLStreamReader xml = reader(body);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("Code")) {
                    return " (" + xml.getElementText() + ")";
                }
            }
        } catch (IOException | XMLStreamException e) {
            return "";
        }
        return "";
    }

    private static List<String> keys(InputStream body) throws IOException {
        List<String> keys = new ArrayList<>();
        try {
            XMLStreamReader xml = reader(body);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("Key")) {
                    keys.add(xml.getElementText());
                }
            }
        } catch (XMLStreamException e) {
            throw new IOException("the file store's list cannot be read", e);
        }
        return keys;
    }

    private static XMLStreamReader reader(InputStream body) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory(); // the same whatever is on the class path
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory.createXMLStreamReader(body);
    }
}
