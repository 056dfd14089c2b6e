package dev.auspex.chaos;

import dev.auspex.chaos.Ledger.Count;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** What a ledger says when all has been read: promises, which are zero if they were kept, and figures. One thread. */
final class Reckoning {

    private final Ledger ledger;
    private final Map<String, Track> tracks;
    private final boolean keysWork;

    /** @param keysWork whether a second create under one key is to make nothing */
    Reckoning(Ledger ledger, boolean keysWork) {
        this.ledger = ledger;
        this.tracks = ledger.tracks();
        this.keysWork = keysWork;
    }

    /** How often each promise was broken. Names the lost in the ledger's examples. */
    Map<String, Long> promises() {
        Map<String, Long> promises = new LinkedHashMap<>();
        promises.put("lost", lost());
        promises.put("with two terminal states", tracks(track -> track.terminal().size() > 1 ? 1 : 0));
        promises.put("with two completed messages", tracks(track -> track.completedMessages() > 1 ? 1 : 0));
        promises.put("webhooks out of order", tracks(Track::outOfOrder));
        promises.put("webhooks wrongly signed", ledger.get(Count.UNSIGNED));
        promises.put("wrong or mixed output", ledger.get(Count.WRONG_OUTPUT));
        promises.put("canceled, yet not canceled in the end", notCanceled());
        promises.put("404 after a 2xx", ledger.get(Count.NOT_FOUND));
        promises.put("answers other than 2xx, 429, 503", ledger.get(Count.UNEXPECTED_ANSWERS));
        promises.put("429 or 503 without Retry-After", ledger.get(Count.WITHOUT_RETRY_AFTER));
        if (keysWork) {
            promises.put("second predictions under one key", duplicates());
        }
        return promises;
    }

    /** What happened besides. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        if (!keysWork) {
            figures.put("second predictions of repeated creates", duplicates());
        }
        figures.put("submitted", (long) ledger.submissions().size());
        figures.put("accepted", ledger.accepted().stream().distinct().count());
        figures.putAll(ends());
        figures.put("webhooks repeated under the same id", tracks(Track::repeated));
        figures.put("webhooks refused on purpose, then delivered", ledger.get(Count.REFUSED_BY_RECEIVER));
        figures.put("creates broken off without an answer", ledger.get(Count.UNANSWERED_CREATES));
        figures.put("streams that broke off", ledger.get(Count.BROKEN_STREAMS));
        figures.put("streams with another text at their end", wrongStreams());
        ledger.answers().forEach((answer, count) -> figures.put("answers " + answer, count));
        return figures;
    }

    private long lost() {
        long lost = 0;
        for (Submission submission : ledger.submissions()) {
            for (String id : submission.acceptedIds()) {
                Track track = track(submission, id);
                if (track.terminal().isEmpty() || track.completedMessages() == 0) {
                    lost++;
                    ledger.example("LOST " + id + " " + submission.kind() + " " + track.terminal());
                }
            }
        }
        return lost;
    }

    private long notCanceled() {
        return ledger.submissions().stream()
                .filter(Submission::isCancelAnswered)
                .flatMap(submission -> submission.acceptedIds().stream().map(id -> track(submission, id)))
                .filter(track -> !track.terminal().equals(Set.of("canceled")))
                .count();
    }

    private long duplicates() {
        Map<Integer, Long> predictions = new TreeMap<>();
        tracks.values().forEach(track -> predictions.merge(track.submission(), 1L, Long::sum));
        return predictions.values().stream().mapToLong(count -> count - 1).sum();
    }

    private Map<String, Long> ends() {
        Map<String, Long> ends = new TreeMap<>();
        for (Submission submission : ledger.submissions()) {
            for (String id : submission.acceptedIds()) {
                Set<String> terminal = track(submission, id).terminal();
                String end = terminal.size() == 1 ? terminal.iterator().next() : terminal.toString();
                ends.merge("ended " + end, 1L, Long::sum);
            }
        }
        return ends;
    }

    private long wrongStreams() {
        return ledger.submissions().stream()
                .filter(each -> each.streamed() != null && !each.expectedOutput().equals(each.streamed()))
                .count();
    }

    private Track track(Submission submission, String id) {
        return tracks.getOrDefault(id, new Track(submission.number()));
    }

    private long tracks(ToLongFunction<Track> count) {
        return tracks.values().stream().mapToLong(count).sum();
    }
}
