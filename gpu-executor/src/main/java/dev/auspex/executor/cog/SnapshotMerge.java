package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one story of what a Cog server tells of a prediction in webhooks that may come late, twice or in the wrong order,
 * and in events of a stream that may begin again. Output and logs only grow, and after the end nothing counts. One
 * thread.
 */
final class SnapshotMerge {

    /**
     * What was new.
     *
     * @param chunks pieces of output
     * @param logs the text that followed what was known
     */
    record Delta(List<JsonNode> chunks, String logs) {
        static final Delta NONE = new Delta(List.of(), "");
    }

    private final boolean iterator;
    private final StringBuilder streamedLogs = new StringBuilder();
    private int chunks;
    private int logged;
    private int logEvents;
    private @Nullable Snapshot end;

    /** @param iterator whether the output is a list that grows; any other is known at the end only */
    SnapshotMerge(boolean iterator) {
        this.iterator = iterator;
    }

    /** The end, once it has come. */
    @Nullable Snapshot end() {
        return end;
    }

    /** Whether pieces of output have been told of. */
    boolean hasChunks() {
        return chunks > 0;
    }

    /** Takes in a snapshot. */
    Delta accept(Snapshot snapshot) {
        if (end != null) {
            return Delta.NONE;
        }
        if (snapshot.isEnd()) {
            end = snapshot;
        }
        String logs = snapshot.logs().length() > logged ? snapshot.logs().substring(logged) : "";
        logged += logs.length();
        List<JsonNode> added = new ArrayList<>();
        JsonNode output = snapshot.output();
        if (iterator && output != null && output.isArray()) {
            for (; chunks < output.size(); chunks++) {
                added.add(output.get(chunks));
            }
        }
        return new Delta(added, logs);
    }

    /** Takes in a piece of output from a stream; one that leaves a gap is left for the end, which has everything. */
    Delta chunk(int index, JsonNode chunk) {
        if (end != null || !iterator || index != chunks) {
            return Delta.NONE;
        }
        chunks++;
        return new Delta(List.of(chunk), "");
    }

    /** Takes in a piece of log from a stream. @param index how many such pieces the stream had before it */
    Delta log(int index, String text) {
        if (end != null || index != logEvents) {
            return Delta.NONE;
        }
        logEvents++;
        streamedLogs.append(text);
        String added = streamedLogs.length() > logged ? streamedLogs.substring(logged) : "";
        logged += added.length();
        return new Delta(List.of(), added);
    }
}
