package dev.auspex.router.kafka;

import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.json.Serdes;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Merges registrations into the catalogue and makes the changes that accounts ask for. One thread, the task's. */
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
        Model before = find(registration.name());
        Model after = before == null
                ? Model.first(registration, registeredAt)
                : before.with(registration, registeredAt);
        return after.equals(before) ? Optional.empty() : Optional.of(put(after));
    }

    /** The model as it now is; empty if the account may not do that. */
    Optional<byte[]> change(Command.ChangeModel command) {
        Model.Order order = new Model.Order(
                command.account(), command.change(), command.changeId(), command.requestedAt());
        return Model.after(command.model(), find(command.model()), order).map(this::put);
    }

    /** The model without the version; empty if the account may not do that. */
    Optional<byte[]> delete(Command.DeleteVersion command) {
        Model model = find(command.model());
        return model == null
                ? Optional.empty()
                : model.without(command.version(), command.account(), command.changeId()).map(this::put);
    }

    /** Whether the model has been removed. */
    boolean delete(Command.DeleteModel command) {
        Model model = find(command.model());
        boolean removable = model != null && model.isRemovableBy(command.account());
        if (removable) {
            models.delete(command.key());
        }
        return removable;
    }

    private @Nullable Model find(ModelName name) {
        byte[] stored = models.get(name.toString());
        return stored == null ? null : Serdes.MODEL.deserialize(stored);
    }

    private byte[] put(Model model) {
        byte[] changed = Serdes.MODEL.serialize(model);
        models.put(model.name().toString(), changed);
        return changed;
    }
}
