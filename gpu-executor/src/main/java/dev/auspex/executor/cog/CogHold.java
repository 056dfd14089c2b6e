package dev.auspex.executor.cog;

/** How much a server is wanted while no job needs it; later ones go before earlier ones. */
enum CogHold {
    /** It may be ended for any other one. */
    NONE,
    /** It is kept ready, but ended for a job of another one that finds no room. */
    KEPT,
    /** It is kept ready and never ended for another one. */
    ALWAYS
}
