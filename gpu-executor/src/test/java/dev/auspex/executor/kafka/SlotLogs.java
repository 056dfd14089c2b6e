package dev.auspex.executor.kafka;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What slots log while this is open: some of what they do shows nowhere else. */
public final class SlotLogs implements AutoCloseable {

    private final Queue<String> messages = new ConcurrentLinkedQueue<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ShareSlot.class);
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            messages.add(event.getFormattedMessage());
        }
    };

    /** Begins. */
    public SlotLogs() {
        appender.start();
        logger.addAppender(appender);
    }

    /** Whether a line has begun so. */
    public boolean contains(String beginning) {
        return messages.stream().anyMatch(message -> message.startsWith(beginning));
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
    }
}
