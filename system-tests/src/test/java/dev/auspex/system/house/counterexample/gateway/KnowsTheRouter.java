package dev.auspex.system.house.counterexample.gateway;

import dev.auspex.system.house.counterexample.router.InternalState;

/** A service that uses another one's class. Its package is not null-marked either. */
final class KnowsTheRouter {

    InternalState state() {
        return new InternalState();
    }
}
