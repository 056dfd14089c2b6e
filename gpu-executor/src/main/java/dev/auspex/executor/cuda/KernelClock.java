package dev.auspex.executor.cuda;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Times every kernel that the process launches, on the device, while it is open: for benchmarks. Two events around each launch
 * cost about a microsecond on the device. Safe for use by many threads; one at a time.
 */
public final class KernelClock implements AutoCloseable {

    private static volatile @Nullable KernelClock running;

    private final CUevent begin;
    private final List<Launch> launches = new ArrayList<>();

    private record Launch(String name, CUevent begin, CUevent end) {}

    private record Span(double from, double to) {}

    private KernelClock(CudaStream stream) {
        this.begin = mark(stream.handle());
    }

    /** Begins. @param stream any stream of the device, which the calling thread uses */
    public static KernelClock start(CudaStream stream) {
        KernelClock clock = new KernelClock(stream);
        running = clock;
        return clock;
    }

    static @Nullable KernelClock running() {
        return running;
    }

    /**
     * All launches of a kernel.
     *
     * @param launches how many
     * @param seconds how long they took, added up
     */
    public record Kernel(long launches, double seconds) {}

    /**
     * What was measured.
     *
     * @param kernels by name
     * @param busySeconds in which at least one of them ran
     */
    public record Reading(Map<String, Kernel> kernels, double busySeconds) {}

    static CUevent mark(CUstream stream) {
        CUevent event = new CUevent();
        CudaException.check(JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT), "making an event");
        CudaException.check(JCudaDriver.cuEventRecord(event, stream), "recording an event");
        return event;
    }

    synchronized void launched(String name, CUevent before, CUevent after) {
        launches.add(new Launch(name, before, after));
    }

    /** What has been launched so far, once the device is done with it. Needs {@link CudaDevice#use}. */
    public synchronized Reading read() {
        Map<String, Kernel> kernels = new TreeMap<>();
        List<Span> spans = new ArrayList<>(launches.size());
        for (Launch launch : launches) {
            CudaException.check(JCudaDriver.cuEventSynchronize(launch.end()), "waiting for the device");
            double from = seconds(begin, launch.begin());
            double length = seconds(launch.begin(), launch.end());
            spans.add(new Span(from, from + length));
            kernels.merge(launch.name(), new Kernel(1, length), (a, b) -> new Kernel(a.launches() + b.launches(), a.seconds() + b.seconds()));
        }
        return new Reading(kernels, covered(spans));
    }

    // What several streams do at once counts once.
    private static double covered(List<Span> spans) {
        spans.sort(Comparator.comparingDouble(Span::from));
        double covered = 0;
        double until = 0;
        for (Span span : spans) {
            covered += Math.max(0, span.to() - Math.max(until, span.from()));
            until = Math.max(until, span.to());
        }
        return covered;
    }

    private static double seconds(CUevent from, CUevent to) {
        float[] millis = new float[1];
        CudaException.check(JCudaDriver.cuEventElapsedTime(millis, from, to), "reading a clock");
        return millis[0] / 1e3;
    }

    @Override
    public synchronized void close() {
        running = null;
        for (Launch launch : launches) {
            end(launch.begin());
            end(launch.end());
        }
        launches.clear();
        end(begin);
    }

    private static void end(CUevent event) {
        CudaException.check(JCudaDriver.cuEventDestroy(event), "ending an event");
    }
}
