package dev.auspex.router.kafka;

import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.json.Serdes;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueStore;

/** Makes one release of a deployment after the other. One thread, the task's. */
final class DeploymentKeeper {

    private final KeyValueStore<String, byte[]> deployments;

    DeploymentKeeper(KeyValueStore<String, byte[]> deployments) {
        this.deployments = deployments;
    }

    /** The deployment as it now is; empty if it is new and the command does not say everything. */
    Optional<byte[]> release(Command.ReleaseDeployment command) {
        byte[] stored = deployments.get(command.key());
        Deployment before = stored == null ? null : Serdes.DEPLOYMENT.deserialize(stored);
        Optional<byte[]> after = Deployment.after(
                        command.deployment(), before, command.change(), command.changeId(), command.requestedAt())
                .map(Serdes.DEPLOYMENT::serialize);
        after.ifPresent(made -> deployments.put(command.key(), made));
        return after;
    }

    void delete(DeploymentName name) {
        deployments.delete(name.toString());
    }
}
