package dev.auspex.executor.run;

import dev.auspex.protocol.event.AttemptEvent;
import java.util.concurrent.Future;

/** Where attempts report. Safe for any thread; events of one prediction stay in order if one thread sends them. */
public interface EventSink {

    /**
     * Sends an event.
     *
     * @return done when the broker has it
     * @throws EventTooLargeException if it cannot fit a record
     */
    Future<?> send(AttemptEvent event) throws EventTooLargeException;

    /** The event is larger than a record may be. */
    final class EventTooLargeException extends Exception {
        private static final long serialVersionUID = 1L;

        /** @param bytes how large it is */
        public EventTooLargeException(int bytes) {
            super("an event of " + bytes + " bytes");
        }
    }
}
