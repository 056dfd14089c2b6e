package dev.auspex.runtime.files;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Json;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files in a folder: {@code objects/<last two>/<id>/} holds content and description, {@code accounts/<account>/<id>} marks
 * uploads for listing. Safe for any thread and for several processes on one folder.
 */
public final class LocalFileStore implements FileStore {

    private static final ObjectReader READER = Json.readerFor(StoredFile.class);
    private static final String CONTENT = "content";
    private static final String DESCRIPTION = "file.json";

    private final Path root;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** @param root made when the first file comes */
    public LocalFileStore(Path root, Clock clock) {
        this.root = root;
        this.clock = clock;
    }

    @Override
    public StoredFile put(NewFile file, InputStream content) throws IOException {
        FileId id = FileId.create(clock.instant(), random);
        Path incoming = Files.createDirectories(root.resolve("incoming")).resolve(id.value());
        Files.createDirectory(incoming);
        try {
            MessageDigest sha256 = digest("SHA-256");
            MessageDigest md5 = digest("MD5");
            long size;
            try (InputStream digesting = new DigestInputStream(new DigestInputStream(content, sha256), md5);
                    OutputStream out = Files.newOutputStream(incoming.resolve(CONTENT))) {
                size = digesting.transferTo(out);
            }
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
            Path home = folder(id);
            Files.createDirectories(home.getParent());
            Files.move(incoming, home, StandardCopyOption.ATOMIC_MOVE);
            if (file.kind() == StoredFile.Kind.UPLOAD) {
                Path marker = marker(file.account(), id);
                Files.createDirectories(marker.getParent());
                Files.createFile(marker);
            }
            return stored;
        } catch (IOException e) {
            deleteFolder(incoming);
            throw e;
        }
    }

    @Override
    public Optional<StoredFile> find(FileId id) throws IOException {
        try {
            StoredFile file = READER.readValue(Files.readAllBytes(folder(id).resolve(DESCRIPTION)));
            boolean expired = file.expiresAt() != null && !clock.instant().isBefore(file.expiresAt());
            return expired ? Optional.empty() : Optional.of(file);
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
        Path folder = root.resolve("accounts").resolve(account.value());
        if (Files.notExists(folder)) {
            return List.of();
        }
        List<String> names;
        try (Stream<Path> markers = Files.list(folder)) {
            names = markers.map(marker -> marker.getFileName().toString())
                    .filter(name -> before == null || name.compareTo(before.value()) < 0)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        List<StoredFile> files = new java.util.ArrayList<>();
        for (String name : names) {
            if (files.size() == limit) {
                break;
            }
            find(new FileId(name)).ifPresent(files::add);
        }
        return files;
    }

    @Override
    public boolean delete(FileId id) throws IOException {
        Optional<StoredFile> file = find(id);
        if (file.isEmpty()) {
            return false;
        }
        Files.deleteIfExists(marker(file.get().account(), id));
        deleteFolder(folder(id));
        return true;
    }

    private Path folder(FileId id) {
        return root.resolve("objects").resolve(id.value().substring(24)).resolve(id.value());
    }

    private Path marker(AccountId account, FileId id) {
        return root.resolve("accounts").resolve(account.value()).resolve(id.value());
    }

    private static void deleteFolder(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(DESCRIPTION));
        Files.deleteIfExists(folder.resolve(CONTENT));
        Files.deleteIfExists(folder);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
