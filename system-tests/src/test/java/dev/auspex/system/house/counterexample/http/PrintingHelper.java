package dev.auspex.system.house.counterexample.http;

import dev.auspex.protocol.topic.Topics;
import java.util.logging.Logger;

/** Everything else the house does not want. */
final class PrintingHelper {

    private static final String TOPIC = "auspex.events";

    String print(Topics topics) {
        System.out.println(topics.settings().prefix());
        Logger.getLogger("").info(TOPIC);
        return TOPIC;
    }
}
