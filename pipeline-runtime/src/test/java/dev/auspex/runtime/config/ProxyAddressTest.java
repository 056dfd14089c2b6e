package dev.auspex.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyAddressTest {

    @Test
    void shouldReadHostPortAndWhoAsks() {
        assertThat(ProxyAddress.parse("http://proxy.example.test:3128/"))
                .isEqualTo(new ProxyAddress("proxy.example.test", 3128, null, null));
        assertThat(ProxyAddress.parse("http://[::1]:3128").host()).isEqualTo("::1");
        assertThat(ProxyAddress.parse("http://me:p%40ss:word@10.0.0.1:3128"))
                .isEqualTo(new ProxyAddress("10.0.0.1", 3128, "me", new Secret("p@ss:word")));
    }

    @Test
    void shouldRefuseWhatIsNoProxy() {
        for (String text : new String[] {
            "proxy:3128", "http://proxy", "https://proxy:3128", "socks5://proxy:1080", "http://proxy:70000",
            "http://proxy:3128/path", "http://proxy:3128/?x", "http://me@proxy:3128", "http://me:@proxy:3128", ""
        }) {
            assertThatIllegalArgumentException().as(text).isThrownBy(() -> ProxyAddress.parse(text));
        }
    }

    @Test
    void shouldNeverShowThePassword() {
        String url = "http://me:hunter2@proxy.example.test:3128";
        Settings settings = Settings.of(Map.of("webhook.proxy", url));
        assertThat(settings.effective()).containsEntry("webhook.proxy", "http://me:(hidden)@proxy.example.test:3128");
        assertThatThrownBy(() -> Settings.of(Map.of("webhook.proxy", url + "/path")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("webhook.proxy")
                .hasMessageNotContaining("hunter2");
    }
}
