package dev.auspex.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What only the sources show. */
class HouseSourceTest {

    private static final int MOST_LINES = 400;
    // Put together so that this file does not break its own rules.
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
    private static final Pattern SLEEPS = Pattern.compile("Thread\\." + "sleep|TimeUnit\\.[A-Z]+\\." + "sleep");

    private static List<Path> sources = List.of();

    @BeforeAll
    static void find() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<Path> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.filter(folder -> Files.exists(folder.resolve("pom.xml"))).toList()) {
                Path source = module.resolve("src");
                if (Files.isDirectory(source)) {
                    try (Stream<Path> files = Files.walk(source)) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                    }
                }
            }
        }
        sources = List.copyOf(found);
    }

    @Test
    void shouldFindSourcesOfEveryModuleWhenTheyAreChecked() {
        assertThat(sources).hasSizeGreaterThan(50);
    }

    @Test
    void shouldBeSplitByRoleWhenAFileGrowsLong() {
        assertThat(matching(text -> text.lines().count() > MOST_LINES)).as("files over %d lines", MOST_LINES).isEmpty();
    }

    @Test
    void shouldBeFinishedWhenItIsCommitted() {
        assertThat(matching(text -> UNFINISHED.matcher(text).find())).as("unfinished business").isEmpty();
        assertThat(UNFINISHED.matcher("// TO" + "DO later").find()).isTrue();
    }

    @Test
    void shouldWaitForSomethingWhenATestWaits() {
        assertThat(matching(text -> SLEEPS.matcher(text).find()))
                .as("tests that sleep").noneMatch(file -> file.toString().contains("/src/test/"));
        assertThat(SLEEPS.matcher("Thread." + "sleep(1)").find()).isTrue();
    }

    private static List<Path> matching(java.util.function.Predicate<String> wrong) {
        return sources.stream().filter(file -> wrong.test(read(file))).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
