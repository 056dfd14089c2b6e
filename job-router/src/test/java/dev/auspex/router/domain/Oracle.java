package dev.auspex.router.domain;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.event.AttemptEvent;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a prediction has to come to, written a second time from the rules and not from the code: no snapshots, no output,
 * only where it stands. The job is known from the beginning.
 */
final class Oracle {

    String status = "starting";
    int round;
    int failures;
    boolean waiting;
    boolean begun;
    @Nullable String running;
    private final Job job;
    private final Set<String> seen = new HashSet<>();
    private final Set<String> lostWorkers = new HashSet<>();
    private @Nullable String runningOn;
    private boolean cancelAsked;

    Oracle(Job job) {
        this.job = job;
    }

    boolean isOver() {
        return !status.equals("starting") && !status.equals("processing");
    }

    void then(PredictionInput input) {
        if (isOver()) {
            return; // rule: nothing leaves a terminal state
        }
        switch (input) {
            case PredictionInput.JobAccepted ignored -> { }
            case PredictionInput.DataExpired ignored -> { }
            case PredictionInput.Released ignored -> { }
            case PredictionInput.CancelRequested ignored -> {
                cancelAsked = true;
                if (running == null) {
                    status = "canceled"; // rule: what does not run is canceled at once
                }
            }
            case PredictionInput.TimerFired(Instant now) -> timer(now);
            case PredictionInput.AttemptSilent(var attempt, var now) -> {
                if (attempt.value().equals(running)) {
                    lost(runningOn);
                }
            }
            case PredictionInput.AttemptReported(AttemptEvent event) -> event(event);
        }
    }

    private void timer(Instant now) {
        Instant startBy = begun ? job.deadline() : job.startBy();
        if (running == null && startBy != null && !now.isBefore(startBy.plusSeconds(1))) {
            status = "aborted";
        } else {
            waiting = false;
        }
    }

    private void event(AttemptEvent event) {
        String attempt = event.attempt().value();
        boolean fresh = !waiting && event.round() == round && !seen.contains(attempt);
        boolean counts = running == null ? fresh : running.equals(attempt);
        switch (event.body()) {
            case AttemptEvent.Started ignored when fresh -> begin(attempt, event.executor().value());
            case AttemptEvent.Succeeded ignored -> status = "succeeded"; // rule: the first end of any attempt counts
            case AttemptEvent.Canceled ignored -> status = "canceled";
            case AttemptEvent.Failed failed when !failed.retryable() && !job.limits().retryModelErrors() ->
                    status = "failed";
            case AttemptEvent.Failed failed when counts -> {
                begun |= failed.startedAt() != null;
                seen.add(attempt);
                if (failed.workerLost()) {
                    lost(event.executor().value());
                } else {
                    failed(true);
                }
            }
            case AttemptEvent.Redelivered ignored when fresh && !event.executor().value().equals(runningOn) -> {
                if (running == null) {
                    seen.add(attempt); // it stands for whoever vanished; otherwise it is only a messenger
                }
                lost(runningOn);
            }
            case AttemptEvent.Returned ignored when counts -> {
                if (running != null && cancelAsked) {
                    status = "canceled";
                } else {
                    again(false);
                }
            }
            default -> { }
        }
    }

    private void begin(String attempt, String executor) {
        seen.add(attempt);
        begun = true;
        running = attempt;
        runningOn = executor;
        status = "processing";
    }

    private void lost(@Nullable String worker) {
        if (worker != null) {
            lostWorkers.add(worker);
        }
        if (!cancelAsked && lostWorkers.size() > 1) {
            failures++;
            status = "failed"; // rule: a job that brings down two different workers does not go round again
        } else {
            failed(false);
        }
    }

    private void failed(boolean pause) {
        failures++;
        if (cancelAsked) {
            status = "canceled";
        } else if (failures >= job.limits().attempts()) {
            status = "failed";
        } else {
            again(pause);
        }
    }

    private void again(boolean pause) {
        round++;
        waiting = pause;
        running = null;
        runningOn = null;
        status = "starting";
    }
}
