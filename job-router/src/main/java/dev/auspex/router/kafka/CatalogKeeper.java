package dev.auspex.router.kafka;

import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.json.Serdes;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueStore;

/** Merges registrations into the catalogue. One thread, the task's. */
final class CatalogKeeper {

    private final KeyValueStore<String, byte[]> models;

    CatalogKeeper(KeyValueStore<String, byte[]> models) {
        this.models = models;
    }

    /**
     * Takes in a registration.
     *
     * @param registeredAt from its record, so that a repeated run decides the same
     * @return the model as it now is; empty if nothing changed: executors register at every start
     */
    Optional<byte[]> register(ModelRegistration registration, Instant registeredAt) {
        String key = registration.name().toString();
        byte[] stored = models.get(key);
        Model before = stored == null ? null : Serdes.MODEL.deserialize(stored);
        Model after = before == null
                ? Model.first(registration, registeredAt)
                : before.with(registration, registeredAt);
        if (after.equals(before)) {
            return Optional.empty();
        }
        byte[] changed = Serdes.MODEL.serialize(after);
        models.put(key, changed);
        return Optional.of(changed);
    }
}
