package dev.auspex.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {

    @Test
    void shouldReachABrokerWhenAnyOfTheAddressesTakesConnections() throws Exception {
        String open;
        try (ServerSocket broker = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            open = "127.0.0.1:" + broker.getLocalPort();

            assertThat(new KafkaClients(open).isReachable()).isTrue();
            assertThat(new KafkaClients("nowhere.invalid:9092, " + open).isReachable()).isTrue();
        }

        assertThat(new KafkaClients(open).isReachable()).isFalse();
        assertThat(new KafkaClients("nowhere.invalid:9092," + open).isReachable()).isFalse();
    }
}
