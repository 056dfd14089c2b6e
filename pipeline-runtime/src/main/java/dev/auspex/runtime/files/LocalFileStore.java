package dev.auspex.runtime.files;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Json;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files in a folder. Safe for any thread and for several processes on one folder.
 *
 * <ul>
 *   <li>{@code incoming/<id>/}: being written; moved away in one step when complete
 *   <li>{@code objects/<last two>/<id>/}: content and description
 *   <li>{@code accounts/<account>/<id>}: empty; the uploads to list
 *   <li>{@code expiring/<hour>/<id>}: empty; the files to remove after that hour, so that a sweep reads nothing else
 * </ul>
 */
public final class LocalFileStore implements FileStore {

    private static final ObjectReader READER = Json.readerFor(StoredFile.class);
    private static final String CONTENT = "content";
    private static final String DESCRIPTION = "file.json";
    /** No writer takes this long: older folders in {@code incoming} belong to processes that died. */
    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

    private final Path root;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** @param root made when the first file comes */
    public LocalFileStore(Path root, Clock clock) {
        this.root = root;
        this.clock = clock;
    }

    @Override
    public StoredFile put(Description description, InputStream content) throws IOException {
        FileId id = FileId.create(clock.instant(), random);
        Path incoming = root.resolve("incoming").resolve(id.value());
        try {
            Files.createDirectories(incoming);
            StoredFile stored = write(id, incoming, description, content);
            publish(stored, incoming);
            return stored;
        } catch (IOException e) {
            discard(id, incoming, e);
            throw StorageFullException.isMeantBy(e) ? new StorageFullException(e) : e;
        } catch (RuntimeException e) {
            discard(id, incoming, e);
            throw e;
        }
    }

    private StoredFile write(FileId id, Path incoming, Description description, InputStream content)
            throws IOException {
        MessageDigest sha256 = digest("SHA-256");
        MessageDigest md5 = digest("MD5");
        long size;
        try (OutputStream out = Files.newOutputStream(incoming.resolve(CONTENT))) {
            size = new DigestInputStream(new DigestInputStream(content, sha256), md5).transferTo(out);
        }
        NewFile file = description.read();
        StoredFile stored = new StoredFile(
                id,
                file.account(),
                file.kind(),
                file.name(),
                file.contentType(),
                size,
                HexFormat.of().formatHex(sha256.digest()),
                HexFormat.of().formatHex(md5.digest()),
                file.metadata(),
                clock.instant(),
                file.expiresAt());
        Files.write(incoming.resolve(DESCRIPTION), Json.bytes(stored));
        return stored;
    }

    // Whatever a crash interrupts, what exists is found by a sweep: the note of expiry comes before the file itself.
    private void publish(StoredFile stored, Path incoming) throws IOException {
        if (stored.expiresAt() != null) {
            mark(expiringFolder(stored.expiresAt()).resolve(stored.id().value()));
        }
        Path home = folder(stored.id());
        Files.createDirectories(home.getParent());
        Files.move(incoming, home, StandardCopyOption.ATOMIC_MOVE);
        if (stored.kind() == StoredFile.Kind.UPLOAD) {
            mark(marker(stored.account(), stored.id()));
        }
    }

    private static void mark(Path marker) throws IOException {
        Files.createDirectories(marker.getParent());
        try {
            Files.createFile(marker);
        } catch (NoSuchFileException e) {
            // A sweep of another process removed the empty folder in between.
            Files.createDirectories(marker.getParent());
            Files.createFile(marker);
        }
    }

    private void discard(FileId id, Path incoming, Exception reason) {
        try {
            deleteFolder(incoming);
            deleteFolder(folder(id));
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public Optional<StoredFile> find(FileId id) throws IOException {
        return read(id).filter(file -> file.expiresAt() == null || clock.instant().isBefore(file.expiresAt()));
    }

    private Optional<StoredFile> read(FileId id) throws IOException {
        try {
            return Optional.of(READER.readValue(Files.readAllBytes(folder(id).resolve(DESCRIPTION))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public InputStream open(FileId id) throws IOException {
        try {
            return Files.newInputStream(folder(id).resolve(CONTENT));
        } catch (NoSuchFileException e) {
            FileNotFoundException missing = new FileNotFoundException("no file " + id);
            missing.initCause(e);
            throw missing;
        }
    }

    @Override
    public Optional<Path> localPath(FileId id) {
        return Optional.of(folder(id).resolve(CONTENT));
    }

    @Override
    public List<StoredFile> uploads(AccountId account, @Nullable FileId before, int limit) throws IOException {
        return found(
                ids(root.resolve("accounts").resolve(account.value())).stream()
                        .filter(id -> before == null || id.value().compareTo(before.value()) < 0)
                        .sorted(Comparator.comparing(FileId::value).reversed())
                        .toList(),
                limit);
    }

    @Override
    public List<StoredFile> newerUploads(AccountId account, FileId after, int limit) throws IOException {
        return found(
                        ids(root.resolve("accounts").resolve(account.value())).stream()
                                .filter(id -> id.value().compareTo(after.value()) > 0)
                                .sorted(Comparator.comparing(FileId::value))
                                .toList(),
                        limit)
                .reversed();
    }

    private List<StoredFile> found(List<FileId> ids, int limit) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        for (FileId id : ids) {
            if (files.size() == limit) {
                break;
            }
            find(id).ifPresent(files::add);
        }
        return files;
    }

    @Override
    public boolean delete(FileId id) throws IOException {
        Optional<StoredFile> file = find(id);
        return file.isPresent() && remove(file.get());
    }

    // The description goes first: from then on nobody finds the file, and of several callers one removed it.
    private boolean remove(StoredFile file) throws IOException {
        Files.deleteIfExists(marker(file.account(), file.id()));
        boolean removed = Files.deleteIfExists(folder(file.id()).resolve(DESCRIPTION));
        deleteFolder(folder(file.id()));
        return removed;
    }

    @Override
    public int deleteExpired(int limit) throws IOException {
        int removed = deleteAbandoned(limit);
        long now = hour(clock.instant());
        for (String name : names(root.resolve("expiring"))) {
            if (!name.matches("\\d{1,12}") || Long.parseLong(name) >= now) {
                continue;
            }
            Path bucket = root.resolve("expiring").resolve(name);
            for (FileId id : ids(bucket)) {
                if (removed == limit) {
                    return removed;
                }
                Optional<StoredFile> file = read(id);
                if (file.isPresent() && remove(file.get())) {
                    removed++;
                }
                Files.deleteIfExists(bucket.resolve(id.value()));
            }
            deleteIfEmpty(bucket);
        }
        return removed;
    }

    private int deleteAbandoned(int limit) throws IOException {
        Instant latest = clock.instant().minus(ABANDONED_AFTER);
        int removed = 0;
        for (FileId id : ids(root.resolve("incoming"))) {
            if (removed < limit && new PredictionId(id.value()).createdAt().isBefore(latest)) {
                deleteFolder(root.resolve("incoming").resolve(id.value()));
                removed++;
            }
        }
        return removed;
    }

    private Path folder(FileId id) {
        return root.resolve("objects").resolve(id.value().substring(24)).resolve(id.value());
    }

    private Path marker(AccountId account, FileId id) {
        return root.resolve("accounts").resolve(account.value()).resolve(id.value());
    }

    private Path expiringFolder(Instant expiresAt) {
        return root.resolve("expiring").resolve(Long.toString(hour(expiresAt)));
    }

    private static long hour(Instant time) {
        return Math.max(0, Math.floorDiv(time.getEpochSecond(), 3600L));
    }

    // Names that are not ids, such as those that file managers leave, are passed over.
    private static List<FileId> ids(Path folder) throws IOException {
        return names(folder).stream().filter(FileId::isValid).map(FileId::new).toList();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // something came in between: the next sweep sees it
        }
    }

    private static void deleteFolder(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(DESCRIPTION));
        Files.deleteIfExists(folder.resolve(CONTENT));
        deleteIfEmpty(folder);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
