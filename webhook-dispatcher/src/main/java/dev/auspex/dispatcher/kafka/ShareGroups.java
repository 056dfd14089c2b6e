package dev.auspex.dispatcher.kafka;

import dev.auspex.runtime.kafka.KafkaClients;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** Settings of the senders' share group, which live in the broker. */
public final class ShareGroups {

    private ShareGroups() {}

    /**
     * Makes a group begin with the oldest order (by default it would begin with those after its first member) and see
     * only orders whose transaction was committed.
     *
     * @throws Exception if the broker refuses or does not answer
     */
    public static void prepare(KafkaClients kafka, String group) throws Exception {
        try (Admin admin = kafka.admin("dispatcher-setup")) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, group),
                            List.of(
                                    set("share.auto.offset.reset", "earliest"),
                                    set("share.isolation.level", "read_committed"))))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }
}
