package dev.auspex.broker;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.GroupAssignment;
import org.apache.kafka.coordinator.group.api.assignor.GroupSpec;
import org.apache.kafka.coordinator.group.api.assignor.MemberAssignment;
import org.apache.kafka.coordinator.group.api.assignor.ShareGroupPartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;

/**
 * Gives every member of a share group every partition of its topics. Kafka's own assignor spreads partitions: with fewer
 * members than partitions each partition has one member, and while that member works on a long record nobody reads its
 * partitions, however many others are idle. With this one a record waits only while all workers are busy.
 *
 * <p>Runs inside the broker, setting {@code group.share.assignors}. Stateless; safe for any thread. Compiled for Java 17
 * like the broker, so that a broker outside this JVM can load it too.
 */
public final class EveryPartitionAssignor implements ShareGroupPartitionAssignor {

    /** Needed by the broker. */
    public EveryPartitionAssignor() {}

    @Override
    public String name() {
        return "every-partition";
    }

    @Override
    public GroupAssignment assign(GroupSpec group, SubscribedTopicDescriber topics) {
        Map<String, MemberAssignment> members = new HashMap<>();
        for (String member : group.memberIds()) {
            Map<Uuid, Set<Integer>> partitions = new HashMap<>();
            for (Uuid topic : group.memberSubscription(member).subscribedTopicIds()) {
                partitions.put(topic, assignable(group, topic, topics.numPartitions(topic)));
            }
            members.put(member, new Assigned(partitions));
        }
        return new GroupAssignment(members);
    }

    // A topic the describer no longer knows counts -1 partitions: nothing to give.
    private static Set<Integer> assignable(GroupSpec group, Uuid topic, int count) {
        Set<Integer> partitions = new HashSet<>();
        for (int partition = 0; partition < count; partition++) {
            if (group.isPartitionAssignable(topic, partition)) {
                partitions.add(partition);
            }
        }
        return partitions;
    }

    private record Assigned(Map<Uuid, Set<Integer>> partitions) implements MemberAssignment {}
}
