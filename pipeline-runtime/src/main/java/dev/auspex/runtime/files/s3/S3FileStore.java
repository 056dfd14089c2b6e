package dev.auspex.runtime.files.s3;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.FileId;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.StorageFullException;
import dev.auspex.runtime.files.StoredFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Files in an S3 bucket. Content is spooled to a local file first, because its size and hash have to be known before S3
 * takes it, and so that sending it can be repeated. Safe for any thread and for any number of processes on one bucket.
 *
 * <ul>
 *   <li>{@code objects/<last two>/<id>/content} and {@code …/file.json}: a file is there when its description is
 *   <li>{@code accounts/<account>/<id, digits inverted>}: empty; the uploads to list, newest first in S3's order
 *   <li>{@code expiring/<hour>/<id>}: empty; the files to remove after that hour
 * </ul>
 */
public final class S3FileStore implements FileStore {

    /** What one request to S3 can store. */
    public static final long MAX_BYTES = 5L << 30;

    private static final ObjectReader READER = Json.readerFor(StoredFile.class);
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final String EXPIRING = "expiring/";
    /** The most keys of an answer. */
    private static final int LISTED = 1_000;
    private static final byte[] NOTHING = {};

    private final S3Bucket bucket;
    private final Path spool;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** @param spool a folder for what is on its way; made when the first file comes */
    S3FileStore(S3Bucket bucket, Path spool, Clock clock) {
        this.bucket = bucket;
        this.spool = spool;
        this.clock = clock;
    }

    /** The store that the settings describe. */
    public static S3FileStore of(S3Settings settings, Path spool, Clock clock) {
        S3Signer signer = new S3Signer(settings.region(), settings.accessKey(), settings.secretKey());
        return new S3FileStore(new S3Bucket(settings.endpoint(), settings.bucket(), signer, clock), spool, clock);
    }

    @Override
    public StoredFile put(Description description, InputStream content) throws IOException {
        FileId id = FileId.create(clock.instant(), random);
        Path local = spool.resolve(id.value());
        try {
            StoredFile stored = spooled(id, local, description, content);
            publish(stored, local);
            return stored;
        } catch (IOException e) {
            throw StorageFullException.isMeantBy(e) ? new StorageFullException(e) : e;
        } finally {
            Files.deleteIfExists(local);
        }
    }

    private StoredFile spooled(FileId id, Path local, Description description, InputStream content) throws IOException {
        MessageDigest sha256 = digest("SHA-256");
        MessageDigest md5 = digest("MD5");
        Files.createDirectories(spool);
        long size;
        try (OutputStream out = Files.newOutputStream(local)) {
            size = new DigestInputStream(new DigestInputStream(content, sha256), md5).transferTo(out);
        }
        NewFile file = description.read();
        return new StoredFile(
                id, file.account(), file.kind(), file.name(), file.contentType(), size,
                HexFormat.of().formatHex(sha256.digest()), HexFormat.of().formatHex(md5.digest()), file.metadata(),
                clock.instant(), file.expiresAt());
    }

    // Whatever a crash interrupts, what exists is found by a sweep: the note of expiry comes before the file itself.
    private void publish(StoredFile stored, Path local) throws IOException {
        if (stored.expiresAt() != null) {
            bucket.put(EXPIRING + hour(stored.expiresAt()) + "/" + stored.id(), NOTHING);
        }
        bucket.put(content(stored.id()), local, stored.sha256());
        bucket.put(description(stored.id()), Json.bytes(stored));
        if (stored.kind() == StoredFile.Kind.UPLOAD) {
            bucket.put(marker(stored.account(), stored.id()), NOTHING);
        }
    }

    @Override
    public Optional<StoredFile> find(FileId id) throws IOException {
        return read(id).filter(file -> file.expiresAt() == null || clock.instant().isBefore(file.expiresAt()));
    }

    private Optional<StoredFile> read(FileId id) throws IOException {
        try (InputStream json = bucket.get(description(id), 0)) {
            return Optional.of(READER.readValue(json));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public InputStream open(FileId id) throws IOException {
        return open(id, 0);
    }

    @Override
    public InputStream open(FileId id, long from) throws IOException {
        return bucket.get(content(id), from);
    }

    @Override
    public Optional<Path> localPath(FileId id) {
        return Optional.empty();
    }

    @Override
    public Optional<URI> signedUrl(FileId id, Duration valid) {
        return Optional.of(bucket.signed(content(id), valid));
    }

    @Override
    public List<StoredFile> uploads(AccountId account, @Nullable FileId before, int limit) throws IOException {
        String prefix = "accounts/" + account + "/";
        List<StoredFile> files = new ArrayList<>();
        String after = before == null ? "" : marker(account, before);
        while (files.size() < limit) {
            List<String> keys = bucket.list(prefix, after, limit);
            for (String key : keys) {
                String id = inverted(key.substring(prefix.length()));
                if (FileId.isValid(id) && files.size() < limit) {
                    find(new FileId(id)).ifPresent(files::add);
                }
            }
            if (keys.size() < limit) {
                break;
            }
            after = keys.getLast();
        }
        return files;
    }

    // S3 lists in one direction only: what is newer is read from the newest on. That is what an account uploads until it
    // expires, a thousand to a request.
    @Override
    public List<StoredFile> newerUploads(AccountId account, FileId after, int limit) throws IOException {
        String prefix = "accounts/" + account + "/";
        String end = marker(account, after);
        List<String> newer = new ArrayList<>();
        List<String> keys = bucket.list(prefix, "", LISTED);
        while (!keys.isEmpty()) {
            keys.stream().filter(key -> key.compareTo(end) < 0).forEach(newer::add);
            keys = keys.size() < LISTED || keys.getLast().compareTo(end) >= 0
                    ? List.of()
                    : bucket.list(prefix, keys.getLast(), LISTED);
        }
        List<StoredFile> files = new ArrayList<>();
        for (String key : newer.reversed()) {
            String id = inverted(key.substring(prefix.length()));
            if (FileId.isValid(id) && files.size() < limit) {
                find(new FileId(id)).ifPresent(files::add);
            }
        }
        return files.reversed();
    }

    @Override
    public boolean delete(FileId id) throws IOException {
        Optional<StoredFile> file = find(id);
        if (file.isEmpty()) {
            return false;
        }
        remove(file.get());
        return true;
    }

    // The description goes first: from then on nobody finds the file.
    private void remove(StoredFile file) throws IOException {
        bucket.delete(description(file.id()));
        bucket.delete(content(file.id()));
        if (file.kind() == StoredFile.Kind.UPLOAD) {
            bucket.delete(marker(file.account(), file.id()));
        }
    }

    @Override
    public int deleteExpired(int limit) throws IOException {
        String now = hour(clock.instant());
        int removed = 0;
        for (String key : bucket.list(EXPIRING, "", limit)) {
            String[] parts = key.split("/", 3);
            if (parts.length < 3 || parts[1].compareTo(now) >= 0) {
                break; // in order: the rest is younger
            }
            if (FileId.isValid(parts[2])) {
                FileId id = new FileId(parts[2]);
                Optional<StoredFile> file = read(id);
                if (file.isPresent()) {
                    remove(file.get());
                } else {
                    bucket.delete(content(id)); // its writer died between the two
                }
                removed++;
            }
            bucket.delete(key);
        }
        return removed;
    }

    private static String content(FileId id) {
        return folder(id) + "content";
    }

    private static String description(FileId id) {
        return folder(id) + "file.json";
    }

    private static String folder(FileId id) {
        return "objects/" + id.value().substring(24) + "/" + id + "/";
    }

    private static String marker(AccountId account, FileId id) {
        return "accounts/" + account + "/" + inverted(id.value());
    }

    /** Sorts the other way round; twice gives the same again. */
    static String inverted(String id) {
        StringBuilder other = new StringBuilder(id.length());
        id.chars().forEach(c -> {
            int digit = DIGITS.indexOf(c);
            other.append(digit < 0 ? (char) c : DIGITS.charAt(DIGITS.length() - 1 - digit));
        });
        return other.toString();
    }

    private static String hour(Instant time) {
        return String.format(Locale.ROOT, "%012d", Math.max(0, Math.floorDiv(time.getEpochSecond(), 3600L)));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
