package dev.auspex.router.replay;

import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.replay.ReplayRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which predictions are dead letters, and which of those that were asked for by their ids nothing but the dead letter is
 * left of. For one thread.
 */
final class DeadSurvey {

    private final ReplayRequest request;
    private final DeadTopic topic;
    private final Set<String> wanted;
    private final IdSet dead = new IdSet(Survey.MAX_IDS);
    private boolean full;
    /** Of those that are wanted: the first letter's offset, the same however often it is looked for. */
    private final Map<String, Long> letters = new HashMap<>();
    private final Set<String> withSnapshot = new HashSet<>();

    DeadSurvey(ReplayRequest request, DeadTopic topic) {
        this.request = request;
        this.topic = topic;
        this.wanted =
                request.spec().filter().ids().stream().map(PredictionId::value).collect(Collectors.toUnmodifiableSet());
    }

    /** A snapshot of the account has this key. */
    void snapshot(String key) {
        if (wanted.contains(key)) {
            withSnapshot.add(key);
        }
    }

    /** A job, of whatever account. */
    void letter(ConsumerRecord<String, byte[]> record) {
        String key = record.key();
        if (key == null || !PredictionId.isValid(key) || !(wanted.isEmpty() || wanted.contains(key))) {
            return;
        }
        full |= !dead.add(new PredictionId(key));
        DeadJob job = wanted.isEmpty() ? null : topic.read(record);
        if (job != null && job.job().account().equals(request.account()) && job.job().id().value().equals(key)) {
            letters.putIfAbsent(key, record.offset());
        }
    }

    /** Whether it is a dead letter. May be true where it is not so if there are very many. */
    boolean isDead(PredictionId id) {
        return full || dead.contains(id);
    }

    /** Whether this record is all that is left of a prediction that is wanted. */
    boolean isAllThatIsLeft(ConsumerRecord<String, byte[]> record) {
        Long offset = letters.get(record.key());
        return offset != null && offset == record.offset() && !withSnapshot.contains(record.key());
    }
}
