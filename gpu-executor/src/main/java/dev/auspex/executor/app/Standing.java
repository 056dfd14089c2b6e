package dev.auspex.executor.app;

import dev.auspex.executor.cog.CogServers;
import dev.auspex.executor.kafka.KafkaEvents;
import dev.auspex.executor.run.Resident;
import dev.auspex.executor.run.Seat;
import dev.auspex.model.ModelEnvironment.GpuDevice;
import dev.auspex.protocol.worker.WorkerStatus;
import dev.auspex.runtime.metrics.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells everybody how this executor stands, every few seconds and in metrics. Lifecycle thread. */
final class Standing {

    private static final Logger LOG = LoggerFactory.getLogger(Standing.class);

    private final Supplier<WorkerPage> page;
    private final KafkaEvents events;
    private final MeterRegistry metrics;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("standing").daemon().factory());

    /** @param page how it stands now; any thread */
    Standing(Supplier<WorkerPage> page, KafkaEvents events, MeterRegistry metrics) {
        this.page = page;
        this.events = events;
        this.metrics = metrics;
    }

    /** Begins; the slots are known. */
    void start() {
        for (WorkerPage.Served served : page.get().classes()) {
            String hardware = served.hardware().value();
            for (String state : List.of("ready", "broken")) {
                Metric.EXECUTOR_MODELS.gauge(
                        metrics,
                        () -> residents(hardware).filter(model -> model.state().equals(state)).count(),
                        hardware, state);
            }
            Metric.EXECUTOR_MODEL_BYTES.gauge(
                    metrics, () -> residents(hardware).mapToLong(Resident::deviceBytes).sum(), hardware);
            GpuDevice device = served.device();
            if (device != null) {
                Metric.EXECUTOR_DEVICE_BYTES.gauge(metrics, device::memoryBytes, hardware);
            }
        }
        for (String state : CogServers.STATES) {
            Metric.EXECUTOR_COG_SERVERS.gauge(
                    metrics,
                    () -> page.get().cogServers().stream().filter(server -> server.state().equals(state)).count(),
                    state);
        }
        var unused = timer.scheduleAtFixedRate(this::tell, 0, WorkerStatus.EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Stream<Resident> residents(String hardware) {
        return page.get().classes().stream()
                .filter(served -> served.hardware().value().equals(hardware))
                .flatMap(served -> served.slots().stream())
                .flatMap(seat -> seat.models().stream());
    }

    private void tell() {
        try {
            events.send(status(page.get()));
        } catch (RuntimeException e) {
            LOG.atDebug().setCause(e).log("standing not told");
        }
    }

    /** The last word: it stops. Before the producer is closed. */
    void stop() {
        timer.shutdownNow();
        try {
            events.sendStopped(page.get().executor());
        } catch (RuntimeException e) {
            LOG.atDebug().setCause(e).log("end not told"); // it will be missed
        }
    }

    static WorkerStatus status(WorkerPage page) {
        return new WorkerStatus(
                page.executor(),
                GpuExecutor.class.getPackage().getImplementationVersion(),
                page.startedAt(),
                page.heartbeat(),
                page.classes().stream().map(Standing::served).toList(),
                page.problems(),
                page.cogServers());
    }

    private static WorkerStatus.Served served(WorkerPage.Served served) {
        GpuDevice device = served.device();
        return new WorkerStatus.Served(
                served.hardware(),
                device == null ? null : new WorkerStatus.Device(device.name(), device.memoryBytes()),
                served.slots().stream().map(Standing::slot).toList());
    }

    private static WorkerStatus.Slot slot(Seat seat) {
        List<WorkerStatus.Loaded> models = seat.models().stream()
                .map(model -> new WorkerStatus.Loaded(
                        model.model(), model.state(), model.setupSeconds(), model.deviceBytes(), model.warm()))
                .toList();
        return new WorkerStatus.Slot(seat.slot(), running(seat.job()), models, seat.problem());
    }

    private static WorkerStatus.@Nullable Running running(Seat.@Nullable Running job) {
        return job == null
                ? null
                : new WorkerStatus.Running(job.prediction(), job.account(), job.model(), job.round(), job.since());
    }
}
