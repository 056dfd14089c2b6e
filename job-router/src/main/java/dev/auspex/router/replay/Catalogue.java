package dev.auspex.router.replay;

import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.catalog.Model;
import java.util.Optional;

/** The catalogue as a replay asks it. */
interface Catalogue {

    /** The model as it is now; empty if there is none of that name. */
    Optional<Model> find(ModelName name);

    /** Whether there is such a deployment. */
    boolean has(DeploymentName name);
}
