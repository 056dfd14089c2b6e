package dev.auspex.router.kafka;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.router.domain.Phase;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Holds back the jobs of low priority of one partition and lets them through as its {@link LowWindow} has room: those of each
 * account in the order of their ids, accounts in turn (ADR 30). The store {@code gates}, which it shares with
 * {@link DeploymentGate}, has an entry for each that is held back ({@code l/<class>/<account>/<id>}) and for each that was
 * let through and has not begun ({@code w/…}), written in the transactions of the moves. One thread, the task's.
 */
final class LowLane implements AutoCloseable {

    private static final String HELD = "l/";
    private static final String AHEAD = "w/";
    private static final char AFTER_SEPARATOR = '0';
    private static final byte[] NOTHING = {};

    private final KeyValueStore<String, byte[]> store;
    private final Function<HardwareClass, LowWindow> windows;
    private final DeploymentGate.Queue queue;
    private final LongSupplier nanoTime;
    private final Map<HardwareClass, Lane> lanes = new HashMap<>();

    /** What is held back of one class; the account whose turn is next comes first. */
    private static final class Lane {
        private final LowWindow window;
        private final LinkedHashMap<AccountId, Row> rows = new LinkedHashMap<>();
        private int held;
        private int ahead;

        Lane(LowWindow window) {
            this.window = window;
        }

        void count(int heldBack, int inQueue) {
            held += heldBack;
            ahead += inQueue;
        }
    }

    /** One account's. {@code first}: no id before it is held back, so that a look need not pass what has been deleted. */
    private static final class Row {
        private int held;
        private String first = "";
    }

    /**
     * Goes on with what is in the store.
     *
     * @param store shared with the gate
     * @param windows of the classes, shared with other tasks
     * @param queue where jobs go that are let through
     * @param nanoTime tells the time
     */
    LowLane(
            KeyValueStore<String, byte[]> store,
            Function<HardwareClass, LowWindow> windows,
            DeploymentGate.Queue queue,
            LongSupplier nanoTime) {
        this.store = store;
        this.windows = windows;
        this.queue = queue;
        this.nanoTime = nanoTime;
        try (KeyValueIterator<String, byte[]> entries = store.range(HELD, end(HELD))) {
            entries.forEachRemaining(entry -> hold(Place.of(entry.key)));
        }
        try (KeyValueIterator<String, byte[]> entries = store.range(AHEAD, end(AHEAD))) {
            entries.forEachRemaining(entry -> lane(Place.of(entry.key).hardware()).count(0, 1));
        }
        lanes.values().forEach(lane -> lane.window.count(lane.held, lane.ahead));
    }

    /** Where a job stands. */
    private record Place(HardwareClass hardware, AccountId account, String id) {

        static Place of(Job job) {
            return new Place(job.hardware(), job.account(), job.id().value());
        }

        static Place of(String key) {
            String[] parts = key.split("/", 4);
            return new Place(new HardwareClass(parts[1]), new AccountId(parts[2]), parts[3]);
        }

        String key(String kind) {
            return kind + hardware + "/" + account + "/" + id;
        }
    }

    /** A job has come that no executor has been shown. */
    void arrived(Job job) {
        Place place = Place.of(job);
        store.put(place.key(HELD), NOTHING);
        hold(place);
        lane(job.hardware()).window.count(1, 0);
        admit(job.hardware());
    }

    /** A prediction has moved: when one has been started, another may stand in its place. */
    void moved(PredictionState before, PredictionState after) {
        if (before.phase() == Phase.QUEUED
                && after.phase() != Phase.QUEUED
                && after instanceof PredictionState.Known known
                && isMine(known.job())) {
            gone(known.job());
        }
    }

    /** A prediction is forgotten that never began. */
    void left(byte[] stored) {
        if (StateCodec.isQueued(stored)
                && StateCodec.decode(stored).state() instanceof PredictionState.Known known
                && isMine(known.job())) {
            gone(known.job());
        }
    }

    /** Whether a job goes through here. */
    static boolean isMine(Job job) {
        return job.priority().isHeld() && job.deployment() == null;
    }

    /** Lets through what other tasks have made room for. To be called every {@link LowWindow#PERIOD}. */
    void tick() {
        lanes.keySet().forEach(this::admit);
    }

    private void gone(Job job) {
        Place place = Place.of(job);
        Lane lane = lane(job.hardware());
        if (store.delete(place.key(AHEAD)) != null) {
            lane.count(0, -1);
            lane.window.started();
            admit(job.hardware());
        } else if (store.delete(place.key(HELD)) != null) {
            lane.window.count(-1, 0);
            release(lane, place.account());
        }
    }

    private void admit(HardwareClass hardware) {
        Lane lane = lane(hardware);
        while (lane.held > 0 && lane.window.enter(nanoTime.getAsLong())) {
            Place next = next(hardware, lane);
            store.delete(next.key(HELD));
            release(lane, next.account());
            Parsed released = Parsed.of(next.account() + "/" + next.id(), new PredictionInput.Released());
            if (queue.release(released)) {
                store.put(next.key(AHEAD), NOTHING);
                lane.count(0, 1);
            } else {
                lane.window.count(0, -1);
            }
        }
    }

    // The account's turn is over: it goes to the end.
    private Place next(HardwareClass hardware, Lane lane) {
        Map.Entry<AccountId, Row> turn = lane.rows.firstEntry();
        Row row = turn.getValue();
        lane.rows.putLast(turn.getKey(), row);
        String prefix = HELD + hardware + "/" + turn.getKey();
        try (KeyValueIterator<String, byte[]> entries =
                store.range(prefix + "/" + row.first, prefix + AFTER_SEPARATOR)) {
            Place place = Place.of(entries.peekNextKey());
            row.first = place.id();
            return place;
        }
    }

    private void hold(Place place) {
        Lane lane = lane(place.hardware());
        lane.count(1, 0);
        Row row = lane.rows.computeIfAbsent(place.account(), account -> new Row());
        row.held++;
        // Gateways' clocks differ: a younger job may have the older id.
        if (row.held == 1 || place.id().compareTo(row.first) < 0) {
            row.first = place.id();
        }
    }

    private static void release(Lane lane, AccountId account) {
        lane.count(-1, 0);
        Row row = lane.rows.get(account);
        if (row != null && --row.held == 0) {
            lane.rows.remove(account);
        }
    }

    private Lane lane(HardwareClass hardware) {
        return lanes.computeIfAbsent(hardware, each -> new Lane(windows.apply(each)));
    }

    private static String end(String kind) {
        return kind.substring(0, kind.length() - 1) + AFTER_SEPARATOR;
    }

    /** The task ends here: what it holds back is another's business. */
    @Override
    public void close() {
        lanes.values().forEach(lane -> lane.window.count(-lane.held, -lane.ahead));
        lanes.clear();
    }
}
