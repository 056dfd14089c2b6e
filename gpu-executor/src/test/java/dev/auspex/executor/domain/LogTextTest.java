package dev.auspex.executor.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {

    @Test
    void shouldEndEveryLineWhenLinesAreAdded() {
        LogText log = new LogText();
        log.line("one");
        log.line("two\n");
        assertThat(log).hasToString("one\ntwo\n");
        assertThat(log.from(4)).isEqualTo("two\n");
    }

    @Test
    void shouldStopWithANoteWhenTheLogIsTooLong() {
        LogText log = new LogText();
        for (int i = 0; i < 10_000; i++) {
            log.line("x".repeat(100));
        }
        assertThat(log.length()).isLessThanOrEqualTo(LogText.LIMIT);
        assertThat(log.toString()).endsWith("[log cut here: more than 256 KiB]\n").containsOnlyOnce("cut here");
    }
}
