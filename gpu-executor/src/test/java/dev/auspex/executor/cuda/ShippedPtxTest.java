package dev.auspex.executor.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every kernel that is shipped assembles, and was made from the source that lies beside it. Needs no GPU. */
class ShippedPtxTest {

    private static final Path SOURCES = Path.of("src/main/cuda");
    private static final List<String> ARCHITECTURES = List.of("sm_75", "sm_80", "sm_86", "sm_89", "sm_90");

    @TestFactory
    Stream<DynamicTest> shouldAssembleWhenTheDriverCompilesIt() throws IOException {
        return kernels().stream().flatMap(name -> ARCHITECTURES.stream()
                .map(architecture -> DynamicTest.dynamicTest(name + " for " + architecture, () -> assemble(Ptx.resource(name), architecture))));
    }

    @TestFactory
    Stream<DynamicTest> shouldBeMadeFromItsSourceWhenCommitted() throws IOException {
        return kernels().stream().map(name -> DynamicTest.dynamicTest(name, () -> {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : sources(name)) {
                digest.update(Files.readAllBytes(file));
            }
            String hash = HexFormat.of().formatHex(digest.digest());
            assertThat(Ptx.resource(name).text())
                    .as("build it again: mvn -Pnvcc -pl gpu-executor -am compile")
                    .startsWith("// source-sha256: " + hash)
                    .contains(".version 7.0")
                    .contains(".target sm_75");
        }));
    }

    /** The kernels' file, then its own headers by name. */
    private static List<Path> sources(String name) throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            Stream<Path> headers = files.filter(file -> file.getFileName().toString().startsWith(name + "-")).sorted();
            return Stream.concat(Stream.of(SOURCES.resolve(name + ".cu")), headers).toList();
        }
    }

    private static List<String> kernels() throws IOException {
        try (Stream<Path> sources = Files.list(SOURCES)) {
            return sources.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".cu")).map(name -> name.substring(0, name.length() - 3)).toList();
        }
    }

    private static void assemble(Ptx ptx, String architecture) {
        nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
        byte[] text = ptx.bytes();
        assertThat(JNvPTXCompiler.nvPTXCompilerCreate(compiler, text.length, text)).isZero();
        try {
            int code = JNvPTXCompiler.nvPTXCompilerCompile(compiler, 1, new String[] {"--gpu-name=" + architecture});
            assertThat(code).as(errors(compiler)).isZero();
        } finally {
            JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
        }
    }

    private static String errors(nvPTXCompilerHandle compiler) {
        long[] size = new long[1];
        JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
        byte[] log = new byte[(int) size[0] + 1];
        JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
        return new String(log, StandardCharsets.UTF_8);
    }
}
