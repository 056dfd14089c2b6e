package dev.auspex.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    @ParameterizedTest
    @CsvSource({
        "https://Hooks.Example.COM/a/b?x=1&y=%20z, hooks.example.com:443, /a/b?x=1&y=%20z",
        "http://example.com, example.com:80, /",
        "http://example.com?x, example.com:80, /?x",
        "http://example.com.:8080/p#fragment, example.com:8080, /p",
        "http://my_service:9000/hook, my_service:9000, /hook",
        "http://[2606:4700::1111]:81/, [2606:4700::1111]:81, /",
        "HTTPS://example.com/gr%C3%B6%C3%9Fe, example.com:443, /gr%C3%B6%C3%9Fe",
        "https://example.com/größe?q=ü, example.com:443, /gr%C3%B6%C3%9Fe?q=%C3%BC"
    })
    void shouldTakeItApartWhenAUrlCanBeCalled(String url, String authority, String requestUri) {
        Target target = Target.parse(url);
        assertThat(target.authority()).isEqualTo(authority);
        assertThat(target.requestUri()).isEqualTo(requestUri);
        assertThat(target.tls()).isEqualTo(url.toLowerCase(java.util.Locale.ROOT).startsWith("https"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "javascript:alert(1)", "//example.com/",
        "example.com", "", "http:///path", "http://user@example.com/", "http://user:pw@example.com/",
        "http://example.com@10.0.0.1/", "http://example.com:0/", "http://example.com:65536/",
        "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.0.0.01./",
        "http://exa mple.com/", "http://example.com/\r\nx-injected: 1", "http://[::1/", "http://./", "http://[fe80::1%25eth0]/"
    })
    void shouldRefuseItWhenAUrlCannotOrMayNotBeCalled(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.parse(url))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("pw").doesNotContain("injected"));
    }

    @Test
    void shouldKnowTheAddressWhenTheHostIsOne() {
        assertThat(Target.parse("http://127.0.0.1/").literal()).isNotNull();
        assertThat(Target.parse("http://[::1]/").literal()).isNotNull();
        assertThat(Target.parse("http://localhost/").literal()).isNull();
    }
}
