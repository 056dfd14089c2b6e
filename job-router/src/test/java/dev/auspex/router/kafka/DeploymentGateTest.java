package dev.auspex.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.Decision.Effect;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionLife;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.domain.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeploymentGateTest {

    private static final DeploymentName PROD = new DeploymentName(Samples.ACCOUNT, "prod");
    private static final RetryPolicy RETRIES = new RetryPolicy(Duration.ofSeconds(1));

    private final SortedStore gates = new SortedStore();
    private final SortedStore deployments = new SortedStore();
    private final Map<PredictionId, PredictionState> states = new HashMap<>();
    private final List<PredictionId> queued = new ArrayList<>();
    private DeploymentGate gate = gate();

    private DeploymentGate gate() {
        return new DeploymentGate(gates, deployments, this::apply);
    }

    private boolean apply(Parsed parsed) {
        PredictionState before = states.getOrDefault(parsed.id(), PredictionState.NONE);
        if (!(PredictionLife.apply(before, parsed.input(), RETRIES) instanceof Applied applied)) {
            return false;
        }
        states.put(parsed.id(), applied.state());
        applied.effects().forEach(effect -> {
            if (effect instanceof Effect.Requeue(Job job)) {
                queued.add(job.id());
            }
        });
        gate.moved(before, applied.state());
        return true;
    }

    private void allow(DeploymentName name, int instances) {
        Job job = Samples.job(Samples.id(1), null);
        deployments.put(name.toString(), Serdes.DEPLOYMENT.serialize(new Deployment(name, new Deployment.Release(
                1, job.model(), job.version(), new HardwareClass("cpu"), 0, instances, Samples.CREATED), "c")));
    }

    private PredictionId submit(int number, DeploymentName deployment) {
        PredictionId id = PredictionId.create(Samples.CREATED.plusMillis(number), new Random(number));
        Job job = Samples.through(Samples.job(id, null), deployment);
        apply(new Parsed(job.account(), id, new PredictionInput.JobAccepted(job), null));
        gate.arrived(job);
        return id;
    }

    private void report(PredictionId id, AttemptEvent.Body body) {
        AttemptId attempt = AttemptId.create(Samples.CREATED, new Random(id.hashCode()));
        apply(Parsed.of(Samples.ACCOUNT + "/" + id, Samples.reported(new AttemptEvent(
                id, Samples.ACCOUNT, attempt, Samples.EXECUTOR, Samples.CREATED.plusSeconds(9), body, 1))));
    }

    @Test
    void shouldLetThroughInOrderWhenOthersEnd() {
        allow(PROD, 2);
        List<PredictionId> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(submit(i, PROD));
        }
        assertThat(queued).isEqualTo(ids.subList(0, 2));

        report(ids.get(0), new AttemptEvent.Started());
        assertThat(queued).as("a start frees nothing").hasSize(2);
        report(ids.get(0), Samples.succeeded(Samples.CREATED, "done"));
        assertThat(queued).isEqualTo(ids.subList(0, 3));

        apply(Parsed.of(Samples.ACCOUNT + "/" + ids.get(3), new PredictionInput.CancelRequested(Samples.CREATED)));
        report(ids.get(1), Samples.failed(Samples.CREATED, "no"));
        assertThat(queued).as("what was canceled while it waited is passed over")
                .containsExactly(ids.get(0), ids.get(1), ids.get(2), ids.get(4));
    }

    @Test
    void shouldFollowTheDeploymentWhenItIsChangedOrRemoved() {
        allow(PROD, 0);
        List<PredictionId> ids = List.of(submit(1, PROD), submit(2, PROD), submit(3, PROD));
        assertThat(queued).isEmpty();

        allow(PROD, 1);
        gate = gate(); // as after a restart: everything is in the store
        gate.admit(PROD);
        assertThat(queued).isEqualTo(ids.subList(0, 1));
        allow(PROD, 0);
        report(ids.get(0), Samples.succeeded(Samples.CREATED, "done"));
        assertThat(queued).as("nothing new, and nothing is stopped").hasSize(1);

        deployments.delete(PROD.toString());
        gate.admit(PROD);
        assertThat(queued).isEqualTo(ids);
    }

    @Test
    void shouldKeepDeploymentsApartWhenTheirNamesBeginAlike() {
        DeploymentName longer = new DeploymentName(Samples.ACCOUNT, "prod-2");
        allow(PROD, 1);
        allow(longer, 1);

        Set<PredictionId> first = new HashSet<>(List.of(submit(1, PROD), submit(3, longer)));
        submit(2, PROD);
        submit(4, longer);

        assertThat(new HashSet<>(queued)).isEqualTo(first);
    }

    @Test
    void shouldNeverRunMoreThanAllowedWhenEverythingHappensInAnyOrder() {
        long seed = 37;
        Random random = new Random(seed);
        allow(PROD, 3);
        List<PredictionId> all = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            if (all.isEmpty() || random.nextInt(3) == 0) {
                all.add(submit(step, PROD));
            } else {
                PredictionId id = all.get(random.nextInt(all.size()));
                switch (random.nextInt(4)) {
                    case 0 -> apply(Parsed.of(
                            Samples.ACCOUNT + "/" + id, new PredictionInput.CancelRequested(Samples.CREATED)));
                    case 1 -> ifQueued(id, new AttemptEvent.Started());
                    case 2 -> ifQueued(id, Samples.succeeded(Samples.CREATED, "done"));
                    default -> ifQueued(id, Samples.failed(Samples.CREATED, "no"));
                }
            }
            long open = queued.stream().filter(id -> !state(id).phase().isTerminal()).count();
            assertThat(open).as("seed %d, step %d", seed, step).isLessThanOrEqualTo(3);
            long waiting = all.stream().filter(id -> !queued.contains(id) && !state(id).phase().isTerminal()).count();
            assertThat(open == 3 || waiting == 0).as("nobody waits beside a free instance, step %d", step).isTrue();
        }
    }

    private PredictionState state(PredictionId id) {
        return states.getOrDefault(id, PredictionState.NONE);
    }

    // Executors know only what is in their queues.
    private void ifQueued(PredictionId id, AttemptEvent.Body body) {
        if (queued.contains(id)) {
            report(id, body);
        }
    }
}
