package dev.auspex.executor.app;

import dev.auspex.executor.cog.CogServers;
import dev.auspex.executor.cog.SchemaImport;
import dev.auspex.executor.domain.KeptModels;
import dev.auspex.executor.kafka.KafkaEvents;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the catalogue: announces what Cog models of this executor's classes say of themselves, tells which versions there
 * are to be kept, and has the servers of those kept that run in one. Lifecycle thread.
 */
final class CogVersions {

    private static final Logger LOG = LoggerFactory.getLogger(CogVersions.class);

    private final ServiceContext context;
    private final String clientId;
    private final CogServers servers;
    private final KafkaEvents events;
    private final KeptModels kept;
    private @Nullable SchemaImport schemas;
    private @Nullable TopicTail tail;

    CogVersions(ServiceContext context, String clientId, CogServers servers, KafkaEvents events, KeptModels kept) {
        this.context = context;
        this.clientId = clientId;
        this.servers = servers;
        this.events = events;
        this.kept = kept;
    }

    void start(List<HardwareClass> served) {
        SchemaImport begun = new SchemaImport(servers, served, registration -> {
            var unused = events.send(new Command.RegisterModel(registration));
        });
        schemas = begun;
        kept.listen(() -> servers.keep(kept.servers(served)));
        TopicTail followed = new TopicTail(
                context.kafka().consumer(clientId + "-catalogue", Map.of()),
                context.topics().catalog(),
                context.topics().settings().partitions(),
                TopicTail.From.BEGINNING,
                record -> read(begun, record));
        tail = followed;
        var unused = followed.caughtUp().thenRun(() -> {
            kept.read(KeptModels.Source.CATALOGUE);
            kept.unknown().forEach(name -> LOG.atWarn()
                    .addKeyValue("model", name)
                    .log("model to be warm is not in the catalogue, or not in a Cog server: kept when it is"));
        });
        followed.start();
        begun.start();
    }

    private void read(SchemaImport schemas, ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            schemas.forget(record.key());
            ModelName.parse(record.key()).ifPresent(kept::forget);
        } else {
            Model model = Serdes.MODEL.deserialize(record.value());
            schemas.follow(model);
            kept.follow(model);
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
