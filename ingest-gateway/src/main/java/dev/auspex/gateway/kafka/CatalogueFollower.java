package dev.auspex.gateway.kafka;

import dev.auspex.gateway.domain.Catalogue;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the newest {@link Catalogue} by reading the compacted catalogue topic from its beginning. */
public final class CatalogueFollower {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogueFollower.class);

    private final Set<HardwareClass> hardware;
    private final TopicTail tail;
    /** Only the tail's thread touches it. */
    private final Map<ModelName, Model> models = new HashMap<>();
    /** Those who wait for a change by its id, or for a model to go by its name. */
    private final Awaited<String, Optional<Model>> awaited = new Awaited<>();
    /** Changes under way by which an account may make a model. */
    private final Set<Wish> wishes = ConcurrentHashMap.newKeySet();
    private volatile Catalogue catalogue = Catalogue.EMPTY;
    private volatile boolean caughtUp;

    private record Wish(String changeId, ModelName name, AccountId account) {}

    /** Reads nothing before {@link #start}. */
    public CatalogueFollower(KafkaClients kafka, Topics topics) {
        hardware = Set.copyOf(topics.settings().hardware());
        tail = new TopicTail(
                kafka.consumer("gateway-catalogue", Map.of()),
                topics.catalog(),
                topics.settings().partitions(),
                TopicTail.From.BEGINNING,
                this::read);
    }

    /** Begins reading. */
    @SuppressWarnings("FutureReturnValueIgnored") // a tail that ends says so in the log; readiness stays away
    public void start() {
        // Runs on the tail's thread, before it reads on.
        tail.caughtUp().whenComplete((done, failure) -> {
            if (failure == null) {
                publish();
                caughtUp = true; // whoever sees it sees the models: making them takes a while in a cold process
            }
        });
        tail.start();
    }

    /** Whether everything that was there at the start has been read. Any thread. */
    public boolean isCaughtUp() {
        return caughtUp;
    }

    /** The newest state. Any thread. */
    public Catalogue catalogue() {
        return catalogue;
    }

    /** Completes with the model that a change leads to, or fails when the time is over. Ask before writing the command. */
    public CompletableFuture<Optional<Model>> changed(String changeId, Duration limit) {
        return awaited.await(changeId, limit);
    }

    /**
     * The same for a change by which an account may make the model: completes also when the model of that name turns out to
     * be another account's or the installation's, with that model, because then the routers drop the change.
     */
    public CompletableFuture<Optional<Model>> changed(
            String changeId, ModelName name, AccountId account, Duration limit) {
        CompletableFuture<Optional<Model>> told = awaited.await(changeId, limit);
        Wish wish = new Wish(changeId, name, account);
        wishes.add(wish);
        // It may have come since the caller looked.
        catalogue.model(name).ifPresent(model -> refuse(wish, model));
        return told.whenComplete((seen, failure) -> wishes.remove(wish));
    }

    /** Completes when a model has gone, or fails when the time is over. Ask before the command is written. */
    public CompletableFuture<Optional<Model>> gone(ModelName name, Duration limit) {
        return awaited.await(name.toString(), limit);
    }

    /** Ends reading. */
    public void stop(Duration limit) throws InterruptedException {
        tail.stop(limit);
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        // A removed model is a record without a value.
        if (record.value() == null) {
            ModelName.parse(record.key()).ifPresent(models::remove);
            publishIfRead();
            awaited.tell(record.key(), Optional.empty());
        } else {
            Model model = Serdes.MODEL.deserialize(record.value());
            models.put(model.name(), model);
            publishIfRead();
            if (model.profile() != null) {
                awaited.tell(model.profile().change(), Optional.of(model));
            }
            wishes.forEach(wish -> refuse(wish, model));
        }
    }

    private void refuse(Wish wish, Model model) {
        boolean own = model.profile() != null && model.profile().account().equals(wish.account());
        if (model.name().equals(wish.name()) && !own) {
            awaited.tell(wish.changeId(), Optional.of(model));
        }
    }

    // Whoever waits for a change must find it.
    private void publishIfRead() {
        if (caughtUp) {
            publish();
        }
    }

    private void publish() {
        catalogue = Catalogue.of(models.values(), hardware, catalogue);
        LOG.atDebug().addKeyValue("models", models.size()).log("catalogue changed");
    }
}
