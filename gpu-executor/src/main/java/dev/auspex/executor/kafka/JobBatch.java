package dev.auspex.executor.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

/**
 * The records of one poll on their way through a slot: waiting, running, done, settled. The working thread takes and
 * finishes them; the polling thread withdraws, renews and acknowledges them. Safe for these two.
 */
final class JobBatch {

    /** A record's place; the same after a renewal, when the consumer hands it out again. */
    record Place(String topic, int partition, long offset) {
        static Place of(ConsumerRecord<?, ?> record) {
            return new Place(record.topic(), record.partition(), record.offset());
        }
    }

    /**
     * A record whose work is over.
     *
     * @param sent done when what has to be in Kafka before the acknowledgement is there
     * @param type how to acknowledge it then
     * @param nanos how long it took; negative if it was given back
     */
    record Done(Place place, Future<?> sent, AcknowledgeType type, long nanos) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ConsumerRecord<String, byte[]>> waiting = new ArrayDeque<>();
    private final Map<Place, ConsumerRecord<String, byte[]>> unsettled = new LinkedHashMap<>();
    private final List<Done> done = new ArrayList<>();
    private final long begunAt = System.nanoTime();
    private long runningSince;
    private @Nullable Place running;
    private int returning;
    private boolean ended;

    JobBatch(ConsumerRecords<String, byte[]> records) {
        for (ConsumerRecord<String, byte[]> record : records) {
            waiting.add(record);
            unsettled.put(Place.of(record), record);
        }
    }

    /** The next record to run; {@code null} when there is none left. Working thread. */
    @Nullable ConsumerRecord<String, byte[]> next() {
        lock.lock();
        try {
            ConsumerRecord<String, byte[]> record = waiting.poll();
            running = record == null ? null : Place.of(record);
            runningSince = System.nanoTime();
            return record;
        } finally {
            lock.unlock();
        }
    }

    /** A record's work is over. Working thread. */
    void add(Done one) {
        lock.lock();
        try {
            done.add(one);
        } finally {
            lock.unlock();
        }
    }

    /** A withdrawn record has been given back. Any thread. */
    void addReturned(Done one) {
        lock.lock();
        try {
            done.add(one);
            returning--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All work is over. Working thread. */
    void end() {
        lock.lock();
        try {
            running = null;
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all work is over and what was withdrawn has been given back. @return whether that is so */
    boolean awaitEnd(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!(ended && returning == 0) && left > 0) {
                left = changed.awaitNanos(left);
            }
            return ended && returning == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until what was withdrawn has been given back. @return whether that is so */
    boolean awaitReturned(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (returning > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            return returning == 0;
        } finally {
            lock.unlock();
        }
    }

    /** How long the running job has run; 0 if none runs. */
    long runningNanos(long now) {
        lock.lock();
        try {
            return running == null ? 0 : now - runningSince;
        } finally {
            lock.unlock();
        }
    }

    /** The record that runs now; {@code null} for none. */
    @Nullable Place running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Whether records have not begun yet. */
    boolean hasWaiting() {
        lock.lock();
        try {
            return !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    long ageNanos(long now) {
        return now - begunAt;
    }

    /** Takes back the records that have not begun; each must come to {@link #addReturned}. Their locks are still kept. */
    List<ConsumerRecord<String, byte[]>> withdraw() {
        lock.lock();
        try {
            List<ConsumerRecord<String, byte[]>> taken = List.copyOf(waiting);
            waiting.clear();
            returning += taken.size();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Takes in records that came beside a renewal and are to be given back. @return them */
    List<ConsumerRecord<String, byte[]>> adopt(List<ConsumerRecord<String, byte[]>> others) {
        lock.lock();
        try {
            others.forEach(record -> unsettled.put(Place.of(record), record));
            returning += others.size();
            return others;
        } finally {
            lock.unlock();
        }
    }

    /** Those whose work is over and which were not given out before. */
    List<Done> takeDone(Predicate<Done> which) {
        lock.lock();
        try {
            List<Done> taken = done.stream().filter(which).toList();
            done.removeAll(taken);
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** The record at a place is no longer ours to acknowledge, or has been. @return it, if it still was */
    @Nullable ConsumerRecord<String, byte[]> settle(Place place) {
        lock.lock();
        try {
            return unsettled.remove(place);
        } finally {
            lock.unlock();
        }
    }

    /** Everything whose lock is still needed. */
    List<ConsumerRecord<String, byte[]>> unsettled() {
        lock.lock();
        try {
            return List.copyOf(unsettled.values());
        } finally {
            lock.unlock();
        }
    }

    /** A renewal handed a record out again: the new object replaces the old one. @return whether it is one of ours */
    boolean renewed(ConsumerRecord<String, byte[]> record) {
        lock.lock();
        try {
            return unsettled.replace(Place.of(record), record) != null;
        } finally {
            lock.unlock();
        }
    }
}
