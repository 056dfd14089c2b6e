package dev.auspex.executor.app;

import dev.auspex.executor.builtin.BuiltinModels;
import dev.auspex.executor.cog.CogServers;
import dev.auspex.executor.cuda.CudaProbe;
import dev.auspex.executor.domain.CanceledPredictions;
import dev.auspex.executor.domain.KeptModels;
import dev.auspex.executor.domain.SlotCount;
import dev.auspex.executor.ffmpeg.FfmpegLocator;
import dev.auspex.executor.hardware.GpuProbe;
import dev.auspex.executor.hardware.Hardware;
import dev.auspex.executor.journal.Journal;
import dev.auspex.executor.kafka.CancelTail;
import dev.auspex.executor.kafka.GroupSettings;
import dev.auspex.executor.kafka.KafkaEvents;
import dev.auspex.executor.kafka.SlotGroup;
import dev.auspex.executor.run.Attempt;
import dev.auspex.executor.run.Heartbeat;
import dev.auspex.executor.run.JobFiles;
import dev.auspex.executor.run.JobRunner;
import dev.auspex.executor.run.LeftOver;
import dev.auspex.executor.run.LoadedModels;
import dev.auspex.executor.run.ModelCache;
import dev.auspex.executor.run.RunningJobs;
import dev.auspex.executor.run.WorkFolders;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.command.Command;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.lifecycle.ExitCodes;
import dev.auspex.runtime.lifecycle.Service;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.lifecycle.Shutdown;
import dev.auspex.runtime.net.GuardedDownload;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor service: takes jobs of this machine's hardware classes and runs models. On a machine with a GPU it serves
 * the GPU's class and {@code cpu}, each with its own slots.
 */
public final class GpuExecutor implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(GpuExecutor.class);
    private static final int MIN_CPU_SLOTS = 4;
    /** For the other jobs on a lost device: they fail as soon as they call it. */
    private static final Duration LOST_DRAIN = Duration.ofSeconds(1);
    /** Of the time for stopping: kept for handing back, flushing and closing. */
    private static final Duration HAND_BACK = Duration.ofSeconds(2);

    private final ServiceContext context;
    private final GpuProbe probe;
    private final BuiltinModels models;
    private final int batch;
    private final IntConsumer exit;
    private final ExecutorId id;
    private final RunningJobs running = new RunningJobs();
    private final CanceledPredictions canceled;
    private final KafkaEvents events;
    private final CogServers cog;
    private final CogVersions cogVersions;
    private final AtomicInteger shortages = new AtomicInteger();
    private final WarmModels warm;
    private final KeptModels kept;
    private final DeploymentTail deployments;
    private final CancelTail cancellations;
    private final GuardedDownload download;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("event-flush").daemon().factory());
    private final ExecutorService reporter =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("event-report").daemon().factory());
    private final Heartbeat heartbeat;
    private final Standing standing;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final List<SlotGroup> groups = new CopyOnWriteArrayList<>();
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final Set<ModelName> registered = ConcurrentHashMap.newKeySet();
    private @Nullable Journal journal;
    private volatile Instant startedAt = Instant.EPOCH;
    private volatile Optional<ModelEnvironment.GpuDevice> device = Optional.empty();
    private volatile boolean started;

    /**
     * An executor for the built-in models, those in the folder of models, and whatever GPU there is.
     *
     * @throws dev.auspex.runtime.config.ConfigException if a jar in that folder cannot be used
     */
    public GpuExecutor(ServiceContext context) {
        this(
                context,
                () -> new GpuProbe.Detection(CudaProbe.detect(), CudaProbe.reason()),
                BuiltinModels.load(context.settings()),
                SlotGroup.BATCH,
                Shutdown::exit);
    }

    /**
     * @param probe looks for a GPU
     * @param models what can run
     * @param batch the most quick jobs taken at once
     * @param exit ends the process in good order with an exit code
     */
    GpuExecutor(ServiceContext context, GpuProbe probe, BuiltinModels models, int batch, IntConsumer exit) {
        this.exit = exit;
        this.batch = batch;
        this.context = context;
        this.probe = probe;
        this.models = models;
        this.warm = WarmModels.of(context.settings(), models);
        this.kept = new KeptModels(warm.published());
        this.id = newId(context);
        this.canceled = new CanceledPredictions(context.settings().get(Keys.TOPICS_RETENTION), context.clock());
        this.events = new KafkaEvents(context.kafka(), context.topics(), id.value());
        this.cancellations =
                new CancelTail(context.kafka(), context.topics(), id.value() + "-commands", canceled, running);
        this.cog = new CogServers(
                CogSettings.inbound(context.settings()),
                CogSettings.waits(context.settings()),
                CogSettings.docker(context.settings(), System.getenv()),
                context.clock());
        this.cogVersions = new CogVersions(context, id.value(), cog, events, kept);
        this.deployments = new DeploymentTail(context, id.value(), kept);
        this.download = new GuardedDownload(context.vertx(), context.egress());
        this.standing = new Standing(this::worker, events, context.metrics());
        this.heartbeat = new Heartbeat(running, context.settings().get(Keys.EXECUTOR_CANCEL_GRACE), this::stuck);
    }

    private static ExecutorId newId(ServiceContext context) {
        String host = Optional.ofNullable(System.getenv("HOSTNAME")).filter(ExecutorId::isValid).orElse("executor");
        String random = PredictionId.create(context.clock().instant(), new SecureRandom()).value().substring(18);
        return new ExecutorId((host.length() > 60 ? host.substring(0, 60) : host) + "-" + random);
    }

    @Override
    public String name() {
        return "executor";
    }

    @Override
    public void start() throws Exception {
        Settings settings = context.settings();
        startedAt = context.clock().instant();
        warm.check();
        Hardware hardware = Hardware.choose(
                settings.get(Keys.EXECUTOR_HARDWARE), settings.get(Keys.HARDWARE_CLASSES), probe);
        LOG.atInfo()
                .addKeyValue("executor", id)
                .addKeyValue("classes", hardware.classes())
                .addKeyValue("why", hardware.reason())
                .log("hardware chosen");
        device = hardware.gpu();
        Path data = settings.get(Keys.DATA).toAbsolutePath();
        Path work = WorkFolders.prepare(data.resolve("work"), context.clock());
        Journal opened = openJournal(hardware, data.resolve("journal"));
        CompletableFuture<Path> ffmpeg = locateFfmpeg(settings, data.resolve("bin"));
        cancellations.start();
        LeftOver.report(opened, events, id, context.clock());
        JobRunner.Shared shared = new JobRunner.Shared(
                id,
                events,
                new JobRunner.Known(running, canceled, opened),
                new JobFiles(context.files(), download, settings.get(Keys.FILES_LIMIT)),
                new JobRunner.Tools(timer, work, context.clock(), context.metrics(), cog));
        try (Admin admin = context.kafka().admin(id.value() + "-admin")) {
            for (HardwareClass served : hardware.classes()) {
                Supplier<ModelEnvironment> environment =
                        () -> new ModelEnvironment(served.value(), hardware.gpuOf(served), ffmpeg.join());
                SlotGroup.Work slotWork = new SlotGroup.Work(
                        new JobRunner(
                                shared, served, slots(hardware, served), message -> loseDevice(served, message)),
                        () -> new LoadedModels(models, environment, cache(hardware, served)),
                        opened,
                        reporter);
                groups.add(group(admin, served, slots(hardware, served), slotWork));
            }
        }
        register(hardware.classes());
        cogVersions.start(hardware.classes());
        deployments.start();
        SlotGroup.gauge(context.metrics(), groups);
        standing.start();
        heartbeat.start();
        groups.forEach(group -> group.start(cancellations));
        started = true;
    }

    private Journal openJournal(Hardware hardware, Path folder) throws IOException {
        int slots = hardware.classes().stream().mapToInt(served -> slots(hardware, served)).sum();
        Journal opened = Journal.open(
                folder, slots, context.clock().instant().minus(context.settings().get(Keys.TOPICS_RETENTION)));
        journal = opened;
        return opened;
    }

    // An equal part for each slot: a model can be unloaded only on the thread of its own.
    private ModelCache cache(Hardware hardware, HardwareClass served) {
        long all = memory(hardware.gpuOf(served));
        return new ModelCache(
                all > 0 ? all / slots(hardware, served) : Long.MAX_VALUE,
                warm.builtin(hardware, served),
                () -> kept.of(served),
                shortages,
                context.metrics());
    }

    private long memory(Optional<ModelEnvironment.GpuDevice> gpu) {
        long wanted = context.settings().get(Keys.EXECUTOR_MEMORY);
        return wanted > 0 ? wanted : gpu.map(found -> found.memoryBytes() / 10 * 9).orElse(0L);
    }

    private SlotGroup group(Admin admin, HardwareClass served, int slots, SlotGroup.Work work) throws Exception {
        Duration lock = context.settings().get(Keys.EXECUTOR_LOCK);
        GroupSettings group = GroupSettings.apply(admin, context.topics().executorGroup(served), lock);
        return new SlotGroup(
                new SlotGroup.Kafka(context.kafka(), context.topics(), events, id.value()),
                new SlotGroup.Shape(served, slots, lock, batch),
                group,
                work);
    }

    // The setting is for the main class; beside a GPU the cpu class has as many as on a machine without one.
    private int slots(Hardware hardware, HardwareClass served) {
        int wanted = context.settings().get(Keys.EXECUTOR_SLOTS);
        if (wanted > 0 && served.equals(hardware.classes().getFirst())) {
            return wanted;
        }
        int processors = Runtime.getRuntime().availableProcessors();
        if (served.equals(Hardware.CPU)) {
            return Math.max(MIN_CPU_SLOTS, processors);
        }
        Optional<ModelEnvironment.GpuDevice> gpu = hardware.gpuOf(served);
        ModelEnvironment environment = new ModelEnvironment(served.value(), gpu, Path.of("ffmpeg"));
        return SlotCount.onDevice(memory(gpu), models.deviceBytes(environment), processors);
    }

    private CompletableFuture<Path> locateFfmpeg(Settings settings, Path bin) {
        FfmpegLocator locator = new FfmpegLocator(
                settings.get(Keys.EXECUTOR_FFMPEG),
                Optional.ofNullable(System.getenv("PATH")).orElse(""),
                bin);
        if (!"auto".equals(settings.get(Keys.EXECUTOR_FFMPEG))) {
            return CompletableFuture.completedFuture(locator.locate().orElseThrow()); // a wrong one ends the start
        }
        // Its name alone, where there is none: the model that starts it says what is missing.
        return CompletableFuture.supplyAsync(
                () -> locator.locate().orElse(Path.of("ffmpeg")), task -> Thread.ofVirtual().start(task));
    }

    private void register(List<HardwareClass> classes) throws Exception {
        List<Future<?>> sent = new ArrayList<>();
        for (ModelRegistration registration : models.registrationsFor(classes).values()) {
            sent.add(events.send(new Command.RegisterModel(registration)));
            registered.add(registration.name());
            LOG.atInfo()
                    .addKeyValue("model", registration.name())
                    .addKeyValue("hardware", registration.hardware())
                    .log("model registered");
        }
        for (Future<?> one : sent) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    /** The models this executor has asked the catalogue to list; complete once it has started. Any thread. */
    public Set<ModelName> registered() {
        return Set.copyOf(registered);
    }

    private void loseDevice(HardwareClass served, String message) {
        LOG.atError().addKeyValue("hardware", served).addKeyValue("cause", message).log("device lost");
        lost.add("the device of " + served + " can no longer be used: restart this process");
        groups.stream()
                .filter(group -> group.serves(served))
                .forEach(group -> group.stop(System.nanoTime() + LOST_DRAIN.toNanos()));
        leave();
    }

    private void stuck(Attempt attempt) {
        LOG.atError()
                .addKeyValue("prediction", attempt.job().id())
                .addKeyValue("model", attempt.job().model())
                .addKeyValue("reason", attempt.stopReason())
                .log("model does not stop: leaving this process");
        lost.add("a model does not stop: restart this process");
        leave();
    }

    // What a process cannot mend, the next one can: the supervisor starts it. Not on the caller's thread, which has to
    // report the end of its own job while everything else stops.
    private void leave() {
        if (leaving.compareAndSet(false, true)) {
            Thread.ofPlatform().name("leave").daemon().start(() -> exit.accept(ExitCodes.RESTART));
        }
    }

    /** {@code /worker}: device, slots, what runs and what is loaded. */
    @Override
    public Map<String, Supplier<Object>> pages() {
        return Map.of("/worker", this::worker);
    }

    private WorkerPage worker() {
        return new WorkerPage(
                id,
                startedAt,
                context.clock().instant(),
                groups.stream()
                        .map(group -> new WorkerPage.Served(
                                group.hardware(),
                                group.hardware().equals(Hardware.CPU) ? null : device.orElse(null),
                                group.seats()))
                        .toList(),
                problems(),
                cog.standing());
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>(lost);
        if (!started) {
            problems.add("starting");
        }
        problems.addAll(cancellations.problems());
        groups.forEach(group -> problems.addAll(group.problems()));
        return problems;
    }

    @Override
    public void stop(Duration limit) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        long drain = Math.max(limit.toNanos() - HAND_BACK.toNanos(), limit.toNanos() / 2);
        groups.forEach(group -> group.stop(System.nanoTime() + drain));
        for (SlotGroup group : groups) {
            group.awaitStopped(left(deadline));
        }
        cancellations.stop(left(deadline));
        cogVersions.stop(left(deadline));
        deployments.stop(left(deadline));
        heartbeat.stop();
        standing.stop();
        reporter.shutdown();
        timer.shutdown();
        events.close(left(deadline));
        download.close();
        cog.close();
        if (journal != null) {
            journal.close();
        }
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(Duration.ofMillis(500).toNanos(), deadline - System.nanoTime()));
    }
}
