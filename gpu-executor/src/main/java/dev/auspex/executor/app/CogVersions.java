package dev.auspex.executor.app;

import dev.auspex.executor.cog.CogServers;
import dev.auspex.executor.cog.SchemaImport;
import dev.auspex.executor.kafka.KafkaEvents;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.runtime.kafka.TopicTail;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Follows the catalogue and announces what Cog models of this executor's classes say of themselves. Lifecycle thread. */
final class CogVersions {

    private final ServiceContext context;
    private final String clientId;
    private final CogServers servers;
    private final KafkaEvents events;
    private @Nullable SchemaImport schemas;
    private @Nullable TopicTail tail;

    CogVersions(ServiceContext context, String clientId, CogServers servers, KafkaEvents events) {
        this.context = context;
        this.clientId = clientId;
        this.servers = servers;
        this.events = events;
    }

    void start(List<HardwareClass> served) {
        SchemaImport begun = new SchemaImport(servers, served, registration -> {
            var unused = events.send(new Command.RegisterModel(registration));
        });
        schemas = begun;
        tail = new TopicTail(
                context.kafka().consumer(clientId + "-catalogue", Map.of()),
                context.topics().catalog(),
                context.topics().settings().partitions(),
                TopicTail.From.BEGINNING,
                record -> read(begun, record));
        tail.start();
        begun.start();
    }

    private static void read(SchemaImport schemas, ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            schemas.forget(record.key());
        } else {
            Model model = Serdes.MODEL.deserialize(record.value());
            schemas.follow(model);
        }
    }

    void stop(Duration limit) throws InterruptedException {
        if (schemas != null) {
            schemas.stop();
        }
        if (tail != null) {
            tail.stop(limit);
        }
    }
}
