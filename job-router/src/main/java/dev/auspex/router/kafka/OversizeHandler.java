package dev.auspex.router.kafka;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last resort for a record that the broker's limit refuses although ours let it pass (a broker set to less than we
 * ask for): it is left out and reported, because failing would meet it again for ever. Made by Kafka Streams.
 */
public final class OversizeHandler implements ProductionExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(OversizeHandler.class);

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (exception instanceof RecordTooLargeException) {
            LOG.atError()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("bytes", record.value() == null ? 0 : record.value().length)
                    .log("record larger than the broker allows, left out: check message.max.bytes");
            return Response.resume(List.of());
        }
        return Response.fail(List.of());
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // nothing to set
    }
}
