package dev.auspex.standalone;

import dev.auspex.executor.builtin.BuiltinModels;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.lifecycle.Service;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Registers the models of the catalogue file at every start; repeating it changes nothing. */
final class CatalogueService implements Service {

    private final ServiceContext context;
    private final List<ModelRegistration> registrations;

    /** @throws dev.auspex.runtime.config.ConfigException if the file has problems */
    CatalogueService(ServiceContext context) {
        this.context = context;
        this.registrations = context.settings().find(Keys.MODELS).map(this::read).orElse(List.of());
    }

    private List<ModelRegistration> read(Path file) {
        List<HardwareClass> hardware = context.topics().settings().hardware();
        return CatalogueFile.read(file, BuiltinModels.registrations(context.settings(), hardware), hardware);
    }

    /** The names in the file. */
    Set<ModelName> registered() {
        return registrations.stream().map(ModelRegistration::name).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String name() {
        return "catalogue";
    }

    @Override
    public void start() throws Exception {
        if (registrations.isEmpty()) {
            return;
        }
        try (KafkaProducer<String, byte[]> producer = context.kafka().producer("catalogue", Map.of())) {
            for (ModelRegistration registration : registrations) {
                Command.RegisterModel command = new Command.RegisterModel(registration);
                producer.send(new ProducerRecord<>(
                                context.topics().commands(), command.key(), Serdes.COMMAND.serialize(command)))
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public void stop(Duration limit) {
        // keeps nothing open
    }
}
