package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.catalog.ModelVersion;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schemas of Cog models into the catalogue. An operator names a model's server, not its inputs; the server
 * knows them, so the executor that can reach it announces a version with its schema, and again when the model behind an
 * address has changed. Looks on a thread of its own; methods are for any.
 */
public final class SchemaImport {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaImport.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** A server whose schema is known is asked again only now and then. */
    private static final int KNOWN_ROUNDS = 30;

    private final CogServers servers;
    private final List<HardwareClass> served;
    private final Consumer<ModelRegistration> announce;
    private final Map<String, Model> models = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("cog-schemas").daemon().factory());
    private int round;

    /**
     * @param served the classes this executor takes jobs of; other models are not its business
     * @param announce tells the catalogue
     */
    public SchemaImport(CogServers servers, List<HardwareClass> served, Consumer<ModelRegistration> announce) {
        this.servers = servers;
        this.served = List.copyOf(served);
        this.announce = announce;
    }

    /** Begins to look. */
    public void start() {
        var unused = timer.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A model of the catalogue, as it is now. */
    public void follow(Model model) {
        boolean cog = !model.versions().isEmpty() && !(model.latest().runner() instanceof Runner.Builtin);
        if (cog && !Collections.disjoint(model.hardware(), served)) {
            models.put(model.name().toString(), model);
        } else {
            models.remove(model.name().toString());
        }
    }

    /** A model has left the catalogue. */
    public void forget(String name) {
        models.remove(name);
    }

    private void look() {
        round++;
        for (Model model : models.values()) {
            try {
                ModelVersion latest = model.latest();
                if (latest.openapiSchema().isEmpty() || round % KNOWN_ROUNDS == 0) {
                    Optional<ObjectNode> schema = servers.schema(latest.runner());
                    schema.ifPresent(found -> announce(model, found));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.atWarn().addKeyValue("model", model.name()).setCause(e).log("schema not imported");
            }
        }
    }

    private void announce(Model model, ObjectNode schema) {
        ModelRegistration registration = new ModelRegistration(
                model.name(), model.description(), model.hardware(), model.latest().runner(), schema);
        if (model.version(ModelVersion.idOf(registration)).isEmpty()) {
            LOG.atInfo().addKeyValue("model", model.name()).log("the Cog server's schema goes into the catalogue");
            announce.accept(registration);
        }
    }

    /** Ends. */
    public void stop() {
        timer.shutdownNow();
    }
}
