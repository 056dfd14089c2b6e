package dev.auspex.executor.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.model.Model;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {

    private static final String ECHO = "return input.text();";

    @TempDir
    private Path folder;

    private Path models;

    @BeforeEach
    void make() throws IOException {
        models = Files.createDirectory(folder.resolve("models"));
    }

    @Test
    void shouldFindModelsWhenTheyAreInJarsAndInFoldersOfJars() throws Exception {
        TestJar.model(models.resolve("one.jar"), "one", "\"A model.\"", ECHO, Map.of());
        Path together = Files.createDirectory(models.resolve("together"));
        TestJar.model(together.resolve("two.jar"), "two", "\"A model.\"", ECHO, Map.of());
        Files.writeString(models.resolve("README.txt"), "not a model");

        BuiltinModels found = BuiltinModels.load(settings());

        assertThat(found.find("one")).isPresent();
        assertThat(found.find("two")).isPresent();
        assertThat(found.find("echo")).as("the built-in ones are still there").isPresent();
    }

    @Test
    void shouldKeepModelsApartWhenTheyBringClassesOfTheSameName() throws Exception {
        String shared = "package helper; public class Shared { public static String word = ";
        TestJar.model(
                models.resolve("one.jar"), "one", "helper.Shared.word", ECHO, Map.of("Shared", shared + "\"first\"; }"));
        TestJar.model(
                models.resolve("two.jar"), "two", "helper.Shared.word", ECHO, Map.of("Shared", shared + "\"second\"; }"));

        BuiltinModels found = BuiltinModels.load(settings());

        assertThat(description(found, "one")).isEqualTo("first");
        assertThat(description(found, "two")).isEqualTo("second");
        ClassLoader loader = found.find("one").orElseThrow().getClass().getClassLoader();
        assertThatThrownBy(() -> loader.loadClass("io.vertx.core.Vertx"))
                .as("the executor's own libraries are not theirs")
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void shouldNameEveryJarThatCannotBeUsedWhenTheExecutorStarts() throws Exception {
        Files.writeString(models.resolve("broken.jar"), "no zip");
        try (JarOutputStream empty = new JarOutputStream(Files.newOutputStream(models.resolve("empty.jar")))) {
            empty.putNextEntry(new JarEntry("nothing"));
        }

        assertThatThrownBy(() -> BuiltinModels.load(settings()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("broken.jar")
                .hasMessageContaining("empty.jar")
                .hasMessageContaining("META-INF/services");
    }

    @Test
    void shouldRefuseToStartWhenTwoModelsHaveOneName() throws Exception {
        TestJar.model(models.resolve("mine.jar"), "echo", "\"A model.\"", ECHO, Map.of());

        assertThatThrownBy(() -> BuiltinModels.load(settings()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("two models are called 'echo'");
    }

    private Settings settings() {
        return Settings.of(Map.of("data", folder.toString()));
    }

    private static String description(BuiltinModels models, String name) {
        Model<?> model = models.find(name).orElseThrow();
        return model.info().description();
    }
}
