package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.VersionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRefTest {

    private static final String ID = "0123456789abcdef".repeat(4);

    @Test
    void shouldReadEveryForm() {
        assertThat(VersionRef.parse(ID)).contains(new VersionRef.Exact(new VersionId(ID)));
        assertThat(VersionRef.parse("acme/painter")).contains(new VersionRef.Latest(ModelName.of("acme/painter")));
        assertThat(VersionRef.parse("acme/painter:" + ID))
                .contains(new VersionRef.Pinned(ModelName.of("acme/painter"), new VersionId(ID)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "painter", "acme/", "/painter", "acme/painter:", "acme/painter:latest", "a/b/c", ":"})
    void shouldBeEmptyWhenItIsNoReference(String text) {
        assertThat(VersionRef.parse(text)).isEmpty();
        assertThat(VersionRef.parse(ID.toUpperCase(java.util.Locale.ROOT))).isEmpty();
    }
}
