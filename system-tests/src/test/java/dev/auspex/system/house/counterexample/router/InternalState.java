package dev.auspex.system.house.counterexample.router;

/** What no other service should see. */
public final class InternalState {}
