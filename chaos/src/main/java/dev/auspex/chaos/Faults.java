package dev.auspex.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * Chooses and makes faults, one after the other: each is over, and its process ready again, before the next. A deck holds
 * every fault of every target once and is shuffled again when it is used up. One thread.
 */
final class Faults {

    /** What happens to a process. */
    enum Action {
        /** kill -9, started again at once. */
        KILL,
        /** SIGTERM to one after the other, each started again: a rolling restart. */
        ROLL,
        /** kill -9, and everything the service keeps on this machine is deleted before it is started again. */
        WIPE,
        /** SIGSTOP for longer than its locks and sessions, then SIGCONT. */
        FREEZE
    }

    /** One fault that was made to one process. @param recovery from the fault to ready again */
    record Made(Action action, String process, Duration recovery) {

        @Override
        public String toString() {
            return "%-6s %-12s ready again after %.1f s".formatted(action, process, recovery.toMillis() / 1000.0);
        }
    }

    private static final Duration FREEZE = Duration.ofSeconds(12);
    /** Between the steps of a tour so many predictions end, or so much time passes. */
    private static final int FLOW = 12;
    private static final Duration FLOW_LIMIT = Duration.ofSeconds(20);
    private static final int SHORTEST_PAUSE_MS = 500;
    private static final int LONGEST_PAUSE_MS = 2_500;

    private final Installation installation;
    private final Set<ServiceKind> targets;
    private final Random random;
    private final Consumer<String> log;
    private final IntSupplier completions;
    private final Deque<Step> deck = new ArrayDeque<>();
    private final List<Made> made = new CopyOnWriteArrayList<>();

    private record Step(Action action, List<ServiceKind> kinds) {}

    /** @param completions how many predictions have ended */
    Faults(Installation installation, ChaosPlan plan, Consumer<String> log, IntSupplier completions) {
        this.installation = installation;
        this.targets = plan.targets();
        this.random = new Random(plan.seed());
        this.log = log;
        this.completions = completions;
    }

    /** Makes faults until the time is over. @param until in {@link System#nanoTime} */
    void run(long until) throws IOException, InterruptedException {
        while (System.nanoTime() < until) {
            pause();
            if (System.nanoTime() < until && !targets.isEmpty()) {
                make(draw());
            }
        }
    }

    /** Services of different kinds at the same time: half of the installation at once. */
    void tour(Course.Tour tour) throws IOException, InterruptedException {
        List<ServiceKind> services = Stream.of(ServiceKind.values())
                .filter(kind -> kind != ServiceKind.BROKER && targets.contains(kind))
                .toList();
        List<Step> steps = new ArrayList<>(List.of(new Step(Action.KILL, services), new Step(Action.WIPE, services)));
        if (targets.contains(ServiceKind.BROKER)) {
            steps.add(new Step(Action.KILL, List.of(ServiceKind.BROKER)));
        }
        if (tour == Course.Tour.WHOLE) {
            steps.add(new Step(Action.ROLL, services));
        }
        if (tour == Course.Tour.WHOLE && targets.contains(ServiceKind.EXECUTOR)) {
            steps.add(new Step(Action.FREEZE, List.of(ServiceKind.EXECUTOR)));
        }
        Collections.shuffle(steps, random);
        for (Step step : steps) {
            flow();
            make(step);
        }
        flow();
    }

    // Work goes through before the next fault, so that each finds some to break.
    private void flow() throws InterruptedException {
        pause();
        int enough = completions.getAsInt() + FLOW;
        long deadline = System.nanoTime() + FLOW_LIMIT.toNanos();
        while (completions.getAsInt() < enough && System.nanoTime() < deadline) {
            Thread.sleep(SHORTEST_PAUSE_MS / 5);
        }
    }

    private void pause() throws InterruptedException {
        Thread.sleep(SHORTEST_PAUSE_MS + random.nextInt(LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS));
    }

    /** Everything that was done, in order. */
    List<Made> made() {
        return List.copyOf(made);
    }

    private Step draw() {
        if (deck.isEmpty()) {
            List<Step> steps = new ArrayList<>();
            for (ServiceKind kind : ServiceKind.values()) {
                if (targets.contains(kind)) {
                    for (Action action : Action.values()) {
                        // The broker's data is what must be kept.
                        if (action != Action.WIPE || kind != ServiceKind.BROKER) {
                            steps.add(new Step(action, List.of(kind)));
                        }
                    }
                }
            }
            Collections.shuffle(steps, random);
            // Whatever the time suffices for, it begins with a kill of every kind.
            steps.sort(java.util.Comparator.comparing(step -> step.action() == Action.KILL ? 0 : 1));
            deck.addAll(steps);
        }
        return deck.removeFirst();
    }

    private void make(Step step) throws IOException, InterruptedException {
        List<FutureTask<Boolean>> victims = new ArrayList<>();
        for (ServiceKind kind : step.kinds()) {
            List<ServiceProcess> processes = installation.of(kind);
            ServiceProcess one = processes.get(random.nextInt(processes.size()));
            switch (step.action()) {
                case ROLL -> victims.add(begin(step.action(), processes));
                // All at once: nobody is left who remembers.
                case WIPE -> processes.forEach(process -> victims.add(begin(step.action(), List.of(process))));
                case KILL, FREEZE -> victims.add(begin(step.action(), List.of(one)));
            }
        }
        for (FutureTask<Boolean> victim : victims) {
            try {
                victim.get();
            } catch (ExecutionException e) {
                throw new IOException("a fault could not be made", e.getCause());
            }
        }
    }

    private FutureTask<Boolean> begin(Action action, List<ServiceProcess> oneAfterTheOther) {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            for (ServiceProcess process : oneAfterTheOther) {
                make(action, process);
            }
            return true;
        });
        Thread.ofVirtual().start(task);
        return task;
    }

    private void make(Action action, ServiceProcess process) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        String remark = "";
        switch (action) {
            case KILL -> {
                process.kill();
                process.start();
            }
            case WIPE -> {
                process.kill();
                installation.wipe(process);
                process.start();
            }
            case FREEZE -> {
                process.freeze();
                Thread.sleep(FREEZE);
                process.thaw();
            }
            case ROLL -> {
                int code = process.stop();
                remark = code == 0 ? "" : " (exit " + code + ")";
                process.start();
            }
        }
        process.awaitReady();
        Made fault = new Made(action, process.name() + remark, Duration.ofNanos(System.nanoTime() - begin));
        made.add(fault);
        log.accept(fault.toString());
    }
}
