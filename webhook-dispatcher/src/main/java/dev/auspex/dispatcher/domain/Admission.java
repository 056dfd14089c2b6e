package dev.auspex.dispatcher.domain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Decides which requests may be under way, so that no receiver delays another.
 *
 * <ul>
 *   <li>Every host has a limit that begins low, grows by one with every answer and halves with every timeout.
 *   <li>What finds its host busy waits while the host answers; when the host has been silent for {@link #PATIENCE}
 *       sweeps it is refused and left to the retry scheduler.
 *   <li>A host may have as many waiting as there is room left: one alone half of it, n together n/(n+1). So there always
 *       is room for the next one (dynamic thresholds, Choudhury and Hahne 1998).
 *   <li>Requests of a silent host stop counting against the limit of all: at most as many again may hang.
 *   <li>What waits for the limit of all is served round robin over the hosts.
 * </ul>
 *
 * Time is counted in sweeps and not in seconds: a sweep comes only after the event loop has seen the answers that were
 * there before it, so a process that is starved itself does not take its receivers for dead.
 *
 * <p>A pure state machine; one thread.
 *
 * @param <T> the requests
 */
public final class Admission<T> {

    /** For how many sweeps a host may be silent before what waits for it is refused. */
    public static final int PATIENCE = 5;

    private static final int FIRST_LIMIT = 8;
    /** Requests that may wait, for each that may be under way. */
    public static final int WAITING_PER_REQUEST = 8;

    private static final int FORGET = 300;

    /** What is to become of a request. */
    public enum Verdict {
        /** Begin it now and say {@link #done} at its end. */
        START,
        /** A later call names it. */
        WAIT,
        /** Not now; it is not kept. */
        REFUSE
    }

    /** How a request ended, as far as its host's limit is concerned. */
    public enum Ending {
        /** Answered with success. */
        GOOD,
        /** Answered otherwise, or refused quickly. */
        QUICK,
        /** Not answered in time. */
        SILENT,
        /** Not made after all. */
        UNUSED
    }

    /** Waiting requests whose turn it is, and those that are not kept any longer. */
    public record Moved<T>(List<T> start, List<T> refuse) {}

    private final class Host {
        private final Deque<T> waiting = new ArrayDeque<>();
        private int limit = Math.min(FIRST_LIMIT, maxPerHost);
        private int running;
        private boolean silent;
        private long lastSign;
        private long silentSince;

        private boolean ready() {
            return !waiting.isEmpty() && running < limit;
        }

        private boolean overdue() {
            return running > 0 && sweeps - lastSign > PATIENCE;
        }
    }

    private final int maxTotal;
    private final int maxPerHost;
    private final Map<String, Host> hosts = new HashMap<>();
    private final LinkedHashSet<Host> ready = new LinkedHashSet<>();
    private long sweeps;
    private int waiting;
    private int active;
    private int hanging;

    /**
     * @param maxTotal how many requests may be under way to hosts that answer, and as many to hosts that do not
     * @param maxPerHost how many of them to one host
     */
    public Admission(int maxTotal, int maxPerHost) {
        this.maxTotal = maxTotal;
        this.maxPerHost = maxPerHost;
    }

    /** Whether a request to a host may begin. */
    public Verdict ask(String name, T request) {
        Host host = hosts.computeIfAbsent(name, key -> new Host());
        if (host.waiting.isEmpty() && host.running < host.limit && (host.silent ? hanging : active) < maxTotal) {
            begin(host);
            return Verdict.START;
        }
        boolean tooMany = host.waiting.size() >= maxTotal * WAITING_PER_REQUEST - waiting;
        boolean hopeless = host.silent || (host.running >= host.limit && host.overdue());
        if (tooMany || hopeless) {
            return Verdict.REFUSE;
        }
        host.waiting.addLast(request);
        waiting++;
        if (host.ready()) {
            ready.add(host);
        }
        return Verdict.WAIT;
    }

    /** A request has ended. @return waiting requests that begin now */
    public List<T> done(String name, Ending ending) {
        Host host = hosts.get(name);
        if (host == null || host.running == 0) {
            throw new IllegalStateException("no request to this host is under way");
        }
        host.running--;
        if (host.silent) {
            hanging--;
        } else {
            active--;
        }
        switch (ending) {
            case GOOD -> {
                host.limit = Math.min(maxPerHost, host.limit + 1);
                answered(host);
            }
            case QUICK -> answered(host);
            case SILENT -> host.limit = Math.max(1, host.limit / 2);
            case UNUSED -> {
                // nothing learnt
            }
        }
        if (host.ready()) {
            ready.add(host);
        }
        return startReady();
    }

    /** To be called a few times a second: notices hosts that have fallen silent. */
    public Moved<T> sweep() {
        sweeps++;
        List<T> refused = new ArrayList<>();
        for (Iterator<Host> all = hosts.values().iterator(); all.hasNext(); ) {
            Host host = all.next();
            if (host.overdue()) {
                fallSilent(host);
                if (host.silent || host.running >= host.limit) {
                    refused.addAll(host.waiting);
                    waiting -= host.waiting.size();
                    host.waiting.clear();
                    ready.remove(host);
                }
            } else if (host.running == 0 && host.waiting.isEmpty() && sweeps - host.lastSign > FORGET) {
                all.remove();
            }
        }
        return new Moved<>(startReady(), refused);
    }

    /** Everything that waits, which is not kept any longer. */
    public List<T> drain() {
        List<T> refused = new ArrayList<>();
        hosts.values().forEach(host -> {
            refused.addAll(host.waiting);
            host.waiting.clear();
        });
        ready.clear();
        waiting = 0;
        return refused;
    }

    /** For how many sweeps a host has been silent; 0 for one that answers or is not known. */
    public long silence(String name) {
        Host host = hosts.get(name);
        return host == null || !host.silent ? 0 : sweeps - host.silentSince;
    }

    /** How many requests are under way. */
    public int underWay() {
        return active + hanging;
    }

    /** How many hosts are remembered. */
    int hosts() {
        return hosts.size();
    }

    private void begin(Host host) {
        if (host.running == 0) {
            host.lastSign = sweeps;
        }
        host.running++;
        if (host.silent) {
            hanging++;
        } else {
            active++;
        }
    }

    private void answered(Host host) {
        host.lastSign = sweeps;
        if (host.silent) {
            host.silent = false;
            hanging -= host.running;
            active += host.running;
        }
    }

    private void fallSilent(Host host) {
        if (!host.silent && hanging + host.running <= maxTotal) {
            host.silent = true;
            host.silentSince = host.lastSign;
            active -= host.running;
            hanging += host.running;
        }
    }

    private List<T> startReady() {
        List<T> start = new ArrayList<>();
        while (active < maxTotal && !ready.isEmpty()) {
            Host host = ready.removeFirst();
            T next = host.waiting.pollFirst();
            if (next == null) {
                continue;
            }
            waiting--;
            begin(host);
            start.add(next);
            if (host.ready()) {
                ready.addLast(host);
            }
        }
        return start;
    }
}
