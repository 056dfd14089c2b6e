package dev.auspex.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {

    @Test
    void shouldReachABrokerWhenOneAtAnyOfTheAddressesAnswers() throws Exception {
        String open;
        Thread answering;
        try (ServerSocket broker = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            open = "127.0.0.1:" + broker.getLocalPort();
            answering = Thread.ofVirtual().start(() -> answer(broker));

            assertThat(new KafkaClients(open).isReachable()).isTrue();
            assertThat(new KafkaClients("nowhere.invalid:9092, " + open).isReachable()).isTrue();
        }
        answering.join(); // until then the kernel still takes connections

        assertThat(new KafkaClients(open).isReachable()).isFalse();
        assertThat(new KafkaClients("nowhere.invalid:9092," + open).isReachable()).isFalse();
    }

    @Test
    void shouldNotReachABrokerWhenItTakesConnectionsAndSaysNothing() throws Exception {
        try (ServerSocket frozen = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(new KafkaClients("127.0.0.1:" + frozen.getLocalPort()).isReachable()).isFalse();
        }
    }

    // Like a broker: one answer for each whole request, here to its length alone.
    private static void answer(ServerSocket broker) {
        try {
            while (true) {
                try (Socket client = broker.accept()) {
                    int length = 0;
                    for (int i = 0; i < 4; i++) {
                        length = length << 8 | client.getInputStream().read();
                    }
                    if (client.getInputStream().readNBytes(length).length == length) {
                        client.getOutputStream().write(0);
                    }
                }
            }
        } catch (IOException closed) {
            // the test has ended
        }
    }
}
