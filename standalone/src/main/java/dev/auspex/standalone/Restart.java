package dev.auspex.standalone;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts this process again in its own place, for the machine that has no supervisor: the same command line, environment,
 * terminal and process id, so that whoever started, signals or kills it need not know. Linux and macOS.
 */
final class Restart {

    private static final Logger LOG = LoggerFactory.getLogger(Restart.class);
    /** A process that did not live so long is in a crash loop. */
    private static final Duration SHORT_LIFE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    /** Keeps every byte as it is, whatever the words are encoded in. */
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;

    private Restart() {}

    /** The pause that keeps a process that dies soon after each start from doing nothing else. @param lived how long it did */
    static Duration pauseAfter(Duration lived) {
        return lived.compareTo(SHORT_LIFE) < 0 ? PAUSE : Duration.ZERO;
    }

    /** Pauses if need be and replaces the process, see {@link #replace}. */
    static void afterPause() {
        // Not the process's start: that stays the same from life to life.
        Duration lived = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        try {
            Thread.sleep(pauseAfter(lived));
            replace();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Replaces the process. Everything it holds must have been closed: no code of it runs any more. Returns only if that
     * cannot be done.
     */
    static void replace() {
        try {
            List<String> command = commandLine();
            if (command.size() < 2) {
                LOG.atError().log("not started again: the command line of this process is not known");
                return;
            }
            execute(command);
        } catch (Throwable e) {
            LOG.atError().setCause(e).log("not started again");
        }
    }

    // The JDK gives up on a long one, which a class path easily is; Linux has it whole.
    private static List<String> commandLine() throws IOException {
        ProcessHandle.Info self = ProcessHandle.current().info();
        List<String> command = new ArrayList<>();
        self.command().ifPresent(command::add);
        if (Files.isReadable(COMMAND_LINE)) {
            String[] words = Files.readString(COMMAND_LINE, BYTES).split("\0");
            command.addAll(List.of(words).subList(1, words.length));
        } else {
            self.arguments().ifPresent(arguments -> command.addAll(List.of(arguments)));
        }
        return command;
    }

    // execv(2) keeps the process id and what is open unless that is marked otherwise.
    private static void execute(List<String> command) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle execv = linker.downcallHandle(
                linker.defaultLookup().find("execv").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        markOpenFiles(linker);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(ValueLayout.ADDRESS, command.size() + 1L);
            for (int i = 0; i < command.size(); i++) {
                arguments.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(command.get(i), BYTES));
            }
            arguments.setAtIndex(ValueLayout.ADDRESS, command.size(), MemorySegment.NULL);
            int failed = (int) execv.invokeExact(arguments.getAtIndex(ValueLayout.ADDRESS, 0), arguments);
            LOG.atError().addKeyValue("result", failed).log("not started again: execv refused");
        }
    }

    private static void markOpenFiles(Linker linker) throws Throwable {
        MethodHandle fcntl = linker.downcallHandle(
                linker.defaultLookup().find("fcntl").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        for (int file : openFiles()) {
            int unused = (int) fcntl.invokeExact(file, F_SETFD, FD_CLOEXEC);
        }
    }

    private static List<Integer> openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/fd"))) {
            return files.map(file -> Integer.parseInt(file.getFileName().toString()))
                    .filter(file -> file > 2)
                    .toList();
        }
    }
}
