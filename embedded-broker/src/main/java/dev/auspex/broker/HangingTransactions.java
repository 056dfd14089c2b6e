package dev.auspex.broker;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that a killed broker had decided but not marked everywhere. Kafka 4.3.1, started again, sends the
 * missing markers to itself before it listens; refused for seconds, it then takes the transaction for complete although
 * partitions never got their marker, and whoever reads those committed waits for ever. The coordinator's record says which
 * way it was decided, so the same marker is written here. {@link Admin#abortTransaction} would throw committed records
 * away. One thread, once after the start.
 */
final class HangingTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final int port;

    /** @param port where the broker listens on loopback */
    HangingTransactions(int port) {
        this.port = port;
    }

    /** Writes what is missing. Waits for transactions that the broker is ending by itself. */
    void end() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Map<String, Object> config = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + port);
        try (Admin admin = Admin.create(config)) {
            while (look(admin) && System.nanoTime() < deadline) {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | IOException e) {
            LOG.atWarn().setCause(e).log("not known whether transactions of a killed process are open");
        }
    }

    /** A partition in which a transaction is open. */
    private record Open(TopicPartition partition, ProducerState producer) {}

    // Returns whether to look again: something is being ended, or was ended here.
    private boolean look(Admin admin) throws InterruptedException, ExecutionException, TimeoutException, IOException {
        List<Open> open = open(admin);
        if (open.isEmpty()) {
            return false;
        }
        List<TransactionListing> known = List.copyOf(get(admin.listTransactions().all()));
        // A coordinator that has not read its log yet knows of none.
        boolean again = open.stream().anyMatch(
                one -> known.stream().noneMatch(each -> each.producerId() == one.producer().producerId()));
        for (TransactionListing each : known) {
            List<Open> parts = open.stream().filter(one -> one.producer().producerId() == each.producerId()).toList();
            if (parts.isEmpty()) {
                continue;
            }
            TransactionDescription found = get(admin.describeTransactions(List.of(each.transactionalId()))
                    .description(each.transactionalId()));
            switch (found.state()) {
                case PREPARE_COMMIT, PREPARE_ABORT, PREPARE_EPOCH_FENCE -> again = true;
                case COMPLETE_COMMIT, COMPLETE_ABORT -> again |= mark(each.transactionalId(), found, parts);
                case ONGOING, EMPTY, UNKNOWN -> {
                    // whoever began it, or its time limit, ends it
                }
            }
        }
        return again;
    }

    private List<Open> open(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        List<TopicPartition> all = new ArrayList<>();
        get(admin.describeTopics(get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names())).allTopicNames())
                .forEach((name, topic) ->
                        topic.partitions().forEach(each -> all.add(new TopicPartition(name, each.partition()))));
        List<Open> open = new ArrayList<>();
        get(admin.describeProducers(all).all()).forEach((partition, state) -> state.activeProducers().stream()
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .forEach(producer -> open.add(new Open(partition, producer))));
        return open;
    }

    private boolean mark(String id, TransactionDescription decided, List<Open> parts) throws IOException {
        // The decision raised the epoch by one: what is open under the new one is a later transaction, and what is older is
        // not the one that this decision was about.
        List<Open> left =
                parts.stream().filter(one -> one.producer().producerEpoch() == decided.producerEpoch() - 1).toList();
        if (left.isEmpty()) {
            return false;
        }
        TransactionResult result = decided.state() == TransactionState.COMPLETE_COMMIT
                ? TransactionResult.COMMIT
                : TransactionResult.ABORT;
        int coordinator = left.stream().mapToInt(one -> one.producer().coordinatorEpoch().orElse(0)).max().orElse(0);
        Map<TopicPartition, Errors> errors = write(new TxnMarkerEntry(
                decided.producerId(), (short) decided.producerEpoch(), coordinator, result,
                left.stream().map(Open::partition).toList(), (short) 2));
        LOG.atWarn()
                .addKeyValue("transaction", id)
                .addKeyValue("result", result)
                .addKeyValue("partitions", left.size())
                .addKeyValue("errors", errors.values().stream().filter(error -> error != Errors.NONE).toList())
                .log("a transaction that a killed broker had decided is ended");
        return true;
    }

    private Map<TopicPartition, Errors> write(TxnMarkerEntry marker) throws IOException {
        short version = ApiKeys.WRITE_TXN_MARKERS.latestVersion();
        RequestHeader header = new RequestHeader(ApiKeys.WRITE_TXN_MARKERS, version, "embedded-broker", 1);
        ByteBuffer request =
                new WriteTxnMarkersRequest.Builder(List.of(marker)).build(version).serializeWithHeader(header);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) ANSWER.toMillis());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(request.remaining());
            out.write(request.array(), request.arrayOffset() + request.position(), request.remaining());
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = in.readNBytes(in.readInt());
            AbstractResponse response = AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header);
            return ((WriteTxnMarkersResponse) response).errorsByProducerId().getOrDefault(marker.producerId(), Map.of());
        }
    }

    private static <T> T get(KafkaFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    }
}
