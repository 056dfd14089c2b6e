package dev.auspex.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads what a process has used. Linux only: memory is in {@code /proc}.
 *
 * @param process whom to measure
 * @param children whether its children count too: a server's do, the driver's may be the server
 */
record ProcessMeter(ProcessHandle process, boolean children) {

    /** A server with what it started. @throws IllegalArgumentException if there is no such process */
    static ProcessMeter of(long pid) {
        return new ProcessMeter(ProcessHandle.of(pid)
                .orElseThrow(() -> new IllegalArgumentException("--pid: no process " + pid)), true);
    }

    /** The driver alone. */
    static ProcessMeter self() {
        return new ProcessMeter(ProcessHandle.current(), false);
    }

    /** CPU time so far, user and system, to the kernel's clock tick of 10 ms. */
    Duration cpu() {
        return family()
                .map(handle -> handle.info().totalCpuDuration())
                .flatMap(Optional::stream)
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Resident memory in bytes. */
    long residentBytes() {
        return family().mapToLong(ProcessMeter::residentBytes).sum();
    }

    private Stream<ProcessHandle> family() {
        return Stream.concat(Stream.of(process), children ? process.descendants() : Stream.empty());
    }

    private static long residentBytes(ProcessHandle handle) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(handle.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            // It ended in the meantime, or this is not Linux.
            return 0;
        }
    }
}
