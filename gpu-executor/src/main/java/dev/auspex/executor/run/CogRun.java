package dev.auspex.executor.run;

import dev.auspex.executor.cog.CogException;
import dev.auspex.executor.cog.CogJob;
import dev.auspex.executor.cog.CogServers;
import dev.auspex.executor.run.Outcome.Blame;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.protocol.Job;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;

/** Runs models in Cog servers and says how they ended. Only slots' working threads. */
final class CogRun {

    private final JobFiles files;
    private final Clock clock;
    private final CogServers servers;
    private final boolean gpu;

    /** @param gpu whether its class is one with a device */
    CogRun(JobFiles files, Clock clock, CogServers servers, boolean gpu) {
        this.gpu = gpu;
        this.files = files;
        this.clock = clock;
        this.servers = servers;
    }

    Outcome run(Attempt attempt) throws InterruptedException {
        Job job = attempt.job();
        CogJob call = new CogJob(
                attempt.id().value(),
                job.input(),
                attempt,
                (field, url) -> files.fetch(attempt, field, url),
                new CogJob.Calls(
                        () -> ModelRun.isLate(job, clock.instant()),
                        attempt::begin,
                        () -> attempt.stopReason() == StopReason.GIVEN_UP));
        try {
            Object output = servers.run(job.runner(), gpu, call);
            attempt.returned();
            if (attempt.outbox().yielded() != null) {
                return new Outcome.Success(attempt.outbox().yielded());
            }
            return new Outcome.Success(output == null ? null : files.toJson(job, output, attempt::pause));
        } catch (CanceledException e) {
            // Too late to begin: the set-up, or the jobs before it, took so long.
            return attempt.startedAt() == null ? new Outcome.Stopped() : ModelRun.stopped(attempt, e);
        } catch (OutputException e) {
            return ModelRun.outputFailure(e);
        } catch (ModelException e) {
            if (e.getCause() instanceof InterruptedIOException) {
                return ModelRun.stopped(attempt, new CanceledException());
            }
            return new Outcome.Failure(ModelRun.message(e), Blame.MODEL, e.getCause());
        } catch (CogException e) {
            return new Outcome.Failure(ModelRun.message(e), e.died() ? Blame.WORKER : Blame.PLATFORM, e.getCause());
        } catch (IOException | RuntimeException e) {
            return new Outcome.Failure("the model's Cog server could not be used", Blame.PLATFORM, e);
        }
    }
}
