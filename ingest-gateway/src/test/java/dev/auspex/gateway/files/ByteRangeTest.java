package dev.auspex.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1", "bytes=0-99, 0, 100", "bytes=0-, 0, 100", "bytes=10-19, 10, 10", "bytes=90-1000, 90, 10",
        "bytes=-1, 99, 1", "bytes=-1000, 0, 100", "BYTES = 5 - 6, 5, 2", "bytes=99-999999999999999999, 99, 1"
    })
    void shouldNameThePartWhenTheRangeIsSingle(String header, long first, long length) throws Exception {
        assertThat(ByteRange.parse(header, 100)).contains(new ByteRange(first, length));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-4", "bytes=0-1,3-4", "lines=0-1", "bytes=1--2",
        "bytes=99999999999999999999-"
    })
    void shouldIgnoreWhenTheHeaderHasAnotherForm(String header) throws Exception {
        assertThat(ByteRange.parse(header, 100)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=999999999999999999-"})
    void shouldRefuseWhenNothingLiesInTheRange(String header) {
        assertThatThrownBy(() -> ByteRange.parse(header, 100)).isInstanceOf(ByteRange.UnsatisfiableException.class);
        assertThatThrownBy(() -> ByteRange.parse(header, 0)).isInstanceOf(ByteRange.UnsatisfiableException.class);
    }
}
