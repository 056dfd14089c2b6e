package dev.auspex.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker and controller (KRaft) in this JVM, for one machine. Acknowledged records survive a killed process
 * because they are in the operating system's page cache; a machine that loses power can lose the last moments.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final int NODE_ID = 1;

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker on free ports of the loopback address. Returns when it accepts clients.
     *
     * @param folder holds its data; made if missing
     * @throws BrokerException with one sentence for people: folder in use or not writable
     */
    public static EmbeddedBroker start(Path folder) {
        return start(folder, 0);
    }

    /**
     * The same on a chosen port, so that clients find it again after a restart.
     *
     * @param port of the loopback address, 0 for a free one
     */
    public static EmbeddedBroker start(Path folder, int port) {
        try {
            Files.createDirectories(folder);
            int[] ports = ports(folder);
            if (port != 0) {
                ports[0] = port;
            }
            Properties properties = properties(folder, ports[0], ports[1]);
            format(folder);
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
            server.startup();
            new HangingTransactions(ports[0]).end();
            LOG.atInfo().addKeyValue("port", ports[0]).log("embedded Kafka broker started");
            return new EmbeddedBroker(server, ports[0]);
        } catch (Exception e) {
            throw new BrokerException("The embedded Kafka broker cannot start on " + folder + ": " + e.getMessage(), e);
        }
    }

    // The same ports as the last time, if they are free: clients of a broker that runs alone find it again.
    private static int[] ports(Path folder) throws IOException {
        Path file = folder.resolve("ports");
        if (Files.exists(file)) {
            String[] last = Files.readString(file).strip().split(" ", -1);
            if (last.length == 2 && isFree(last[0]) && isFree(last[1])) {
                return new int[] {Integer.parseInt(last[0]), Integer.parseInt(last[1])};
            }
        }
        int[] ports = freePorts();
        Files.writeString(file, ports[0] + " " + ports[1] + "\n");
        return ports;
    }

    private static boolean isFree(String port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
            return true;
        } catch (IOException | IllegalArgumentException taken) {
            return false;
        }
    }

    private static int[] freePorts() throws IOException {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {first.getLocalPort(), second.getLocalPort()};
        }
    }

    private static Properties properties(Path logFolder, int port, int controllerPort) {
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(NODE_ID));
        p.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        p.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("controller.listener.names", "CONTROLLER");
        p.put("inter.broker.listener.name", "PLAINTEXT");
        p.put("log.dirs", logFolder.toString());
        p.put("auto.create.topics.enable", "false");
        p.put("group.initial.rebalance.delay.ms", "0");
        // One node: internal topics cannot have more copies, and few partitions start faster.
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            p.put(topic + ".replication.factor", "1");
            p.put(topic + ".num.partitions", "4");
        }
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        // A transaction's first record meets the marks of the one before, which are written within a few milliseconds.
        p.put("add.partitions.to.txn.retry.backoff.ms", "2");
        // A restart after a kill waits for the old session to end, 9 s by default. Not much shorter: on a machine that is
        // busy for longer than this the broker loses its own leadership again and again, and nothing gets ready.
        p.put("broker.session.timeout.ms", "6000");
        p.put("broker.heartbeat.interval.ms", "1000");
        // 128 MiB by default, more than the rest of the broker together.
        p.put("log.cleaner.dedupe.buffer.size", "2097152");
        p.put("log.cleaner.io.buffer.size", "65536");
        p.put("message.max.bytes", Integer.toString(16 << 20));
        p.put("replica.fetch.max.bytes", Integer.toString(16 << 20));
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "4");
        p.put("background.threads", "2");
        p.put("num.recovery.threads.per.data.dir", "2");
        // Share groups: workers join and are missed quickly, locks as short as an operator may choose.
        p.put("group.share.min.record.lock.duration.ms", "1000");
        p.put("group.share.max.record.lock.duration.ms", "3600000");
        p.put("group.share.min.heartbeat.interval.ms", "500");
        p.put("group.share.heartbeat.interval.ms", "1000");
        p.put("group.share.min.session.timeout.ms", "5000");
        p.put("group.share.session.timeout.ms", "10000");
        p.put("group.share.max.size", "1000");
        p.put("group.share.assignors", EveryPartitionAssignor.class.getName());
        // Past the limit a record is dropped without a word: as far away as Kafka allows (groups set their own).
        p.put("group.share.max.delivery.count.limit", "25");
        p.put("group.share.delivery.count.limit", "10");
        return p;
    }

    // KafkaRaftServer prints the formatter's words; they would mix with the launcher's output.
    private static void format(Path logFolder) throws Exception {
        if (Files.exists(logFolder.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(logFolder);
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setNodeId(NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(logFolder.toString())
                .addDirectory(logFolder.toString())
                .setIgnoreFormatted(true)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .run();
    }

    /** {@code host:port} for clients. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Stops cleanly. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
