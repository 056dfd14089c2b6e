package dev.auspex.executor.builtin;

import dev.auspex.model.Model;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * A folder with models to add to the built-in ones: each jar by itself, and each subfolder with its jars together, for
 * models that bring libraries along.
 */
final class ModelFolder {

    private static final String JAR = ".jar";

    private ModelFolder() {}

    /** The folder that the settings name, else {@code models} in the data folder; empty if there is none. */
    static Optional<Path> of(Settings settings) {
        Optional<Path> named = settings.find(Keys.EXECUTOR_MODELS);
        if (named.isPresent()) {
            return named;
        }
        Path usual = settings.get(Keys.DATA).resolve("models");
        return Files.isDirectory(usual) ? Optional.of(usual) : Optional.empty();
    }

    /**
     * Finds the models. Their class loaders stay open as long as the process lives.
     *
     * @throws ConfigException naming every jar that cannot be used, and why
     */
    static List<Model<?>> load(Path folder) {
        List<Model<?>> models = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Path entry : entries(folder)) {
            try {
                List<URL> jars = jars(entry);
                if (!jars.isEmpty()) {
                    models.addAll(load(entry, jars));
                }
            } catch (IOException | ServiceConfigurationError | LinkageError | IllegalArgumentException e) {
                problems.add(entry + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return models;
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new ConfigException("executor.models (AUSPEX_EXECUTOR_MODELS): " + folder + " cannot be read");
        }
    }

    private static List<URL> jars(Path entry) throws IOException {
        if (!Files.isDirectory(entry)) {
            return entry.toString().endsWith(JAR) ? List.of(url(entry)) : List.of();
        }
        try (Stream<Path> files = Files.list(entry)) {
            List<URL> jars = new ArrayList<>();
            for (Path jar : files.filter(file -> file.toString().endsWith(JAR)).sorted().toList()) {
                jars.add(url(jar));
            }
            return jars;
        }
    }

    private static URL url(Path jar) throws MalformedURLException {
        return jar.toAbsolutePath().toUri().toURL();
    }

    @SuppressWarnings("rawtypes") // a service has no type parameters
    private static List<Model<?>> load(Path entry, List<URL> jars) {
        ModelClassLoader loader = new ModelClassLoader("model:" + entry.getFileName(), jars);
        List<Model<?>> found = new ArrayList<>();
        for (Model model : ServiceLoader.load(Model.class, loader)) {
            SchemaOf.model((Model<?>) model); // an input that cannot be described is found out now, not by a client
            found.add(model);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no model is named in META-INF/services/" + Model.class.getName());
        }
        return found;
    }
}
