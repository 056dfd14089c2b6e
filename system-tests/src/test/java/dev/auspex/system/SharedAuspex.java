package dev.auspex.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One {@code ./auspex up} for every test class that asks for a {@link RunningAuspex}: started by the first, stopped after
 * the last test of the run. It has two slots, so tests know how many jobs fill it. Tests must not stop it.
 */
final class SharedAuspex implements ParameterResolver {

    /** How many jobs run at once. */
    static final int SLOTS = 2;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningAuspex.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedAuspex.class))
                .computeIfAbsent(Instance.class, key -> Instance.start(), Instance.class)
                .auspex;
    }

    /** Closed by JUnit with the store it is in. */
    record Instance(RunningAuspex auspex) implements AutoCloseable {

        static Instance start() {
            try {
                Path data = Files.createTempDirectory("auspex-shared-");
                return new Instance(RunningAuspex.start(
                        Launch.on("shared", data).with("AUSPEX_EXECUTOR_SLOTS", Integer.toString(SLOTS))));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            auspex.close();
            delete(auspex.launch().data());
        }
    }

    /** Deletes a folder with everything in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
