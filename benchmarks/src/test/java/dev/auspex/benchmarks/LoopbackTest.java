package dev.auspex.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8080", "http://localhost:8080/", "http://[::1]:8080"})
    void shouldAcceptWhenTheTargetIsThisMachine(String url) {
        assertThat(Loopback.url(url).getPort()).isEqualTo(8080);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "http://192.0.2.1:80", "http://10.0.0.1:80", "http://0.0.0.0:80", "https://127.0.0.1:443", "http://127.0.0.1",
        "http://127.0.0.1@192.0.2.1:80", "nonsense", "http://:80"
    })
    void shouldRefuseWhenTheTargetIsAnythingElse(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> Loopback.url(url)).withMessageStartingWith("--url: ");
    }

    @Test
    void shouldRefuseWhenOneBrokerIsElsewhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Loopback.servers("127.0.0.1:9092,192.0.2.1:9092"))
                .withMessageContaining("192.0.2.1");
    }

    @Test
    void shouldEndWithTwoWhenTheTargetIsElsewhere() {
        int code = Bench.run(new String[] {"--url", "http://192.0.2.1:80", "--token", "t"}, new PrintWriter(new StringWriter()));

        assertThat(code).isEqualTo(2);
    }
}
