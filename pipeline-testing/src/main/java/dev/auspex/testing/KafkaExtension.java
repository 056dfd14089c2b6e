package dev.auspex.testing;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicInstaller;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a {@link KafkaClients} for a real broker and {@link Topics} of their own. One broker serves the whole test
 * JVM; every test class has its own topic prefix, so classes do not see each other's records.
 *
 * <p>Use: {@code @ExtendWith(KafkaExtension.class)} and parameters of these types on constructor or methods.
 */
public final class KafkaExtension implements ParameterResolver {

    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(KafkaExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == KafkaClients.class || type == Topics.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        KafkaClients clients = new KafkaClients(broker(context).bootstrapServers());
        if (parameter.getParameter().getType() == KafkaClients.class) {
            return clients;
        }
        return context.getStore(NAMESPACE)
                .computeIfAbsent(context.getRequiredTestClass(), testClass -> topics(clients), Topics.class);
    }

    private static KafkaBroker broker(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(KafkaBroker.class, key -> KafkaBroker.start(), KafkaBroker.class);
    }

    private static Topics topics(KafkaClients clients) {
        Topics topics = new Topics(new TopicSettings(
                "test" + PREFIXES.incrementAndGet() + ".",
                2,
                (short) 1,
                Duration.ofDays(1),
                List.of(new HardwareClass("cpu"), new HardwareClass("gpu-h100"))));
        try {
            new TopicInstaller(clients, topics).start();
        } catch (Exception e) {
            throw new IllegalStateException("topics not created", e);
        }
        return topics;
    }
}
