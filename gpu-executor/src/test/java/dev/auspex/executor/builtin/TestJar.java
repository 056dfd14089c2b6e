package dev.auspex.executor.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Jars with models, compiled by the test that needs them. */
public final class TestJar {

    private static final String MODEL = """
            package %s;
            public final class TestedModel implements dev.auspex.model.Model<TestedModel.Input> {
                public record Input(@dev.auspex.model.Field(description = "Anything.", optional = true) String text) {}
                public dev.auspex.model.ModelInfo info() {
                    return new dev.auspex.model.ModelInfo("%s", %s, dev.auspex.model.ModelInfo.OutputForm.TEXT, false);
                }
                public Class<Input> inputType() { return Input.class; }
                public dev.auspex.model.Predictor<Input> setup(dev.auspex.model.ModelEnvironment environment) {
                    return (input, context) -> { %s };
                }
            }
            """;

    private TestJar() {}

    /**
     * Makes a jar with one model in a package of its own.
     *
     * @param name the model's, also its package's
     * @param description a Java expression
     * @param predict the body of its predict method
     * @param more further sources by class name
     */
    public static void model(Path jar, String name, String description, String predict, Map<String, String> more)
            throws IOException {
        Path work = Files.createTempDirectory(jar.toAbsolutePath().getParent().getParent(), "sources-");
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-d", work.resolve("classes").toString(), "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        arguments.add(Files.writeString(work.resolve("TestedModel.java"), MODEL.formatted(name, name, description, predict))
                .toString());
        for (Map.Entry<String, String> source : more.entrySet()) {
            arguments.add(Files.writeString(work.resolve(source.getKey() + ".java"), source.getValue()).toString());
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).as("compiler's exit code").isZero();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(work.resolve("classes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                add(out, work.resolve("classes").relativize(file).toString(), Files.readAllBytes(file));
            }
            add(out, "META-INF/services/dev.auspex.model.Model", (name + ".TestedModel").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content, 0, content.length);
        out.closeEntry();
    }
}
