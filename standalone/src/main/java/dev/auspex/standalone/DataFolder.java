package dev.auspex.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The folder in which an installation keeps everything: used by one process at a time, of a known format. */
final class DataFolder implements AutoCloseable {

    private static final int FORMAT = 1;
    private static final long MIN_FREE_BYTES = 512L << 20;
    private static final int TOKEN_BYTES = 20;

    private final Path path;
    private final FileChannel lockFile;

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Makes the folder if needed and takes it for this process.
     *
     * @throws StartException in use, of a newer format, not writable, or too little room
     */
    static DataFolder open(Path path) {
        FileChannel lockFile = null;
        try {
            Files.createDirectories(path);
            lockFile = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(lockFile) == null) {
                throw new StartException("The data folder " + path
                        + " is in use by another Auspex process: stop that one or set AUSPEX_DATA to another folder.");
            }
            checkFormat(path);
            long free = Files.getFileStore(path).getUsableSpace();
            if (free < MIN_FREE_BYTES) {
                throw new StartException("The disk of the data folder " + path + " has only " + (free >> 20)
                        + " MiB free: Auspex needs at least " + (MIN_FREE_BYTES >> 20) + " MiB to start.");
            }
            return new DataFolder(path, lockFile);
        } catch (IOException e) {
            close(lockFile);
            throw new StartException("The data folder " + path + " cannot be used: " + e);
        } catch (StartException e) {
            close(lockFile);
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void checkFormat(Path path) throws IOException {
        Path file = path.resolve("format");
        if (Files.notExists(file)) {
            Files.writeString(file, FORMAT + "\n");
            return;
        }
        String text = Files.readString(file).strip();
        if (!text.equals(Integer.toString(FORMAT))) {
            throw new StartException("The data folder " + path + " has format " + text
                    + ", but this version of Auspex knows only format " + FORMAT
                    + ": use the version that made it, or set AUSPEX_DATA to another folder.");
        }
    }

    Path path() {
        return path;
    }

    /** The API token of the default account, made at the first start. */
    String token() throws IOException {
        Path file = path.resolve("token");
        if (Files.notExists(file)) {
            byte[] random = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(random);
            Files.createFile(
                    file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, "apx_" + HexFormat.of().formatHex(random) + "\n");
        }
        return Files.readString(file).strip();
    }

    @Override
    public void close() {
        close(lockFile); // gives the lock back
    }

    private static void close(@Nullable FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
