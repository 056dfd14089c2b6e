package dev.auspex.chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What was asked, what was answered and what became of it. Safe for any thread. */
final class Ledger {

    /** Things that are counted; those that must be 0 say so. */
    enum Count {
        /** A create broke off without an answer: it may have been stored. */
        UNANSWERED_CREATES,
        /** A signature that the account's secret does not give. */
        UNSIGNED,
        /** 404 for a prediction that had been answered with 2xx. */
        NOT_FOUND,
        /** An answer that is neither 2xx nor 429 nor 503. */
        UNEXPECTED_ANSWERS,
        /** 429 or 503 that does not say when to come back. */
        WITHOUT_RETRY_AFTER,
        /** Output that is not what was sent in. */
        WRONG_OUTPUT,
        /** Streams that broke before their end; clients connect again, this one does not. */
        BROKEN_STREAMS,
        /** Answers of 500 by the receiver itself, on purpose. */
        REFUSED_BY_RECEIVER
    }

    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, Submission> submissions = new ConcurrentHashMap<>();
    private final Map<String, Track> tracks = new ConcurrentHashMap<>();
    private final Map<Count, LongAdder> counts = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
    private final List<Long> completions = new ArrayList<>();
    private final Map<String, LongAdder> examples = new ConcurrentSkipListMap<>();

    Submission submit(Submission.Kind kind) {
        Submission submission = new Submission(numbers.incrementAndGet(), kind);
        submissions.put(submission.number(), submission);
        return submission;
    }

    Collection<Submission> submissions() {
        return submissions.values();
    }

    /** The ids of all creates that were answered with 2xx; one twice if two answers named it. */
    List<String> accepted() {
        return submissions.values().stream().flatMap(each -> each.acceptedIds().stream()).toList();
    }

    Submission submission(int number) {
        Submission found = submissions.get(number);
        if (found == null) {
            throw new IllegalArgumentException("nobody submitted " + number);
        }
        return found;
    }

    /** The prediction's track; made at first sight. */
    Track track(String prediction, int submission) {
        return tracks.computeIfAbsent(prediction, id -> new Track(submission));
    }

    Map<String, Track> tracks() {
        return Map.copyOf(tracks);
    }

    void count(Count what) {
        counts.computeIfAbsent(what, key -> new LongAdder()).increment();
    }

    /** The same with a text for people. */
    void count(Count what, String example) {
        count(what);
        example(what + ": " + example);
    }

    /** A text for people; at most a handful of different ones are kept. */
    void example(String text) {
        if (examples.size() < 20 || examples.containsKey(text)) {
            examples.computeIfAbsent(text, key -> new LongAdder()).increment();
        }
    }

    long get(Count what) {
        LongAdder adder = counts.get(what);
        return adder == null ? 0 : adder.sum();
    }

    /** An HTTP answer, or the lack of one. */
    void answer(String method, String what) {
        answers.computeIfAbsent(method + " " + what, key -> new LongAdder()).increment();
    }

    Map<String, Long> answers() {
        return sums(answers);
    }

    Map<String, Long> examples() {
        return sums(examples);
    }

    /** A {@code completed} message came for the first time. */
    synchronized void completed() {
        completions.add(System.nanoTime());
    }

    /** The times of {@link #completed}. */
    synchronized List<Long> completions() {
        return List.copyOf(completions);
    }

    private static Map<String, Long> sums(Map<String, LongAdder> adders) {
        Map<String, Long> sums = new TreeMap<>();
        adders.forEach((key, adder) -> sums.put(key, adder.sum()));
        return sums;
    }
}
