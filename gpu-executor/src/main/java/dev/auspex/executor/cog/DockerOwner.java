package dev.auspex.executor.cog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process started a container. A process id alone says little: it is used again, and every container has its own
 * first process. Linux only; elsewhere nobody is known to be gone.
 *
 * @param boot the kernel's id of what has run since the machine was started
 * @param namespace the process ids that {@code pid} is one of
 * @param pid the process
 * @param start when it began, in the kernel's ticks since the machine was started
 */
record DockerOwner(String boot, String namespace, String pid, String start) {

    /** Containers of executors carry it. */
    static final String LABEL = "dev.auspex.executor";

    private static final Path PROC = Path.of("/proc");
    private static final String UNKNOWN = "";
    /** The 22nd field of {@code /proc/<pid>/stat}, counted behind the name in brackets; see proc_pid_stat(5). */
    private static final int START_FIELD = 19;

    /** This process. */
    static DockerOwner self() {
        return of("self", Long.toString(ProcessHandle.current().pid()));
    }

    /** A process in this one's namespace. */
    static DockerOwner of(ProcessHandle process) {
        return of(Long.toString(process.pid()), Long.toString(process.pid()));
    }

    private static DockerOwner of(String folder, String pid) {
        try {
            return new DockerOwner(
                    Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip(),
                    Files.readSymbolicLink(PROC.resolve(folder).resolve("ns/pid")).toString().replaceAll("\\D", ""),
                    pid,
                    start(folder));
        } catch (IOException noLinux) {
            return new DockerOwner(UNKNOWN, UNKNOWN, pid, UNKNOWN);
        }
    }

    private static String start(String process) throws IOException {
        String line = Files.readString(PROC.resolve(process).resolve("stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ")[START_FIELD];
    }

    /** Reads a label. */
    static Optional<DockerOwner> parse(String label) {
        String[] parts = label.split("/", -1);
        return parts.length == 4 && parts[2].matches("\\d{1,10}")
                ? Optional.of(new DockerOwner(parts[0], parts[1], parts[2], parts[3]))
                : Optional.empty();
    }

    /** The label's value. */
    String label() {
        return String.join("/", boot, namespace, pid, start);
    }

    /** Whether it surely has ended, as seen from here: only who shares its namespace can tell. */
    boolean isGone(DockerOwner here) {
        if (start.equals(UNKNOWN) || !boot.equals(here.boot) || !namespace.equals(here.namespace)) {
            return false;
        }
        try {
            return !start(pid).equals(start);
        } catch (IOException noSuchProcess) {
            // Where other users' processes are hidden the first one is, too, and nothing can be told.
            return Files.isReadable(PROC.resolve("1/stat"));
        }
    }

    /** Whether it was there before the machine was started the last time, or is on another machine. */
    boolean isOfAnotherBoot(DockerOwner here) {
        return !boot.equals(UNKNOWN) && !here.boot.equals(UNKNOWN) && !boot.equals(here.boot);
    }
}
