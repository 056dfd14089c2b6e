package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.runtime.net.AddressGuard;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookRuleTest {

    private final WebhookRule rule = new WebhookRule(AddressGuard.of(List.of("10.1.0.0/16:8443", "127.0.0.1/32")));

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com", "http://example.com:8080/a?b=c#d", "HTTPS://EXAMPLE.COM/", "https://8.8.8.8/",
        "https://[2606:4700::1111]/", "https://10.1.2.3:8443/x", "http://localhost:5000/", "http://127.0.0.1/",
        "https://internal.example/"})
    void shouldAcceptWhatCanBeCalled(String url) {
        assertThat(rule.refusal(url)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.com", "/hook", "ftp://example.com/", "file:///etc/passwd", "http:///x", "https://",
        "https://user@example.com/", "https://user:pw@example.com/", "https://example.com:0/", "https://example.com:70000/",
        "https://10.1.2.3:8444/", "https://10.1.2.3/", "http://192.168.0.1/", "http://169.254.169.254/latest", "http://[::1]/",
        "http://[::ffff:10.0.0.1]/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://0.0.0.0/",
        "https://exa mple.com/", "javascript:alert(1)", "http://a.b.c.d.256/"})
    void shouldRefuseWhatCannotOrMustNotBeCalled(String url) {
        assertThat(rule.refusal(url)).isPresent();
    }

    @Test
    void shouldRefuseLoopbackNamesWhenLoopbackIsNotAllowed() {
        WebhookRule strict = new WebhookRule(AddressGuard.of(List.of()));

        assertThat(strict.refusal("http://localhost:8080/")).isPresent();
        assertThat(strict.refusal("http://app.LOCALHOST/")).isPresent();
    }

    @Test
    void shouldRefuseAndNotRepeatTheUrlWhenItIsTooLong() {
        String url = "https://example.com/?token=" + "s".repeat(5000);

        assertThat(rule.refusal(url).orElseThrow()).doesNotContain("sss");
    }
}
