package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The launcher and the program behind it know the same commands. */
class LauncherContractTest {

    private static final Path LAUNCHER = Path.of("..", "auspex");

    @Test
    void shouldHandOnAndExplainEveryCommandThatThereIs() throws IOException {
        String launcher = Files.readString(LAUNCHER);
        Set<String> commands = Auspex.commandLine().getSubcommands().keySet();

        assertThat(words(launcher, "(?m)^  ([a-z |]+)\\)$", "\\|")).as("cases").containsAll(commands);
        assertThat(words(launcher, "(?m)^  ([a-z, ]+?)(?:  .*)?$", ",")).as("usage").containsAll(commands);
    }

    private static Set<String> words(String text, String line, String separator) {
        Stream<String> found = Pattern.compile(line).matcher(text).results().map((MatchResult match) -> match.group(1));
        return new TreeSet<>(found.flatMap(words -> Arrays.stream(words.split(separator))).map(String::strip).toList());
    }
}
