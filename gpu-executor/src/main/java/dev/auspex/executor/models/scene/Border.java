package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.SceneUniforms.FAR;

/** How far a distance may be trusted: bodies look into their own cell only. One thread. */
final class Border {

    private float limit = FAR;

    /** Not farther than this. */
    void limit(float nearer) {
        limit = Math.min(limit, nearer);
    }

    float limit() {
        return limit;
    }
}
