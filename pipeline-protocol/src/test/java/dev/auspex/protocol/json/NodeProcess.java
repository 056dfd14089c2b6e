package dev.auspex.protocol.json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs JavaScript in Node.js, where there is one on the PATH: the real thing to compare with. */
final class NodeProcess {

    private NodeProcess() {}

    /** What the script prints when it is given the text; skips the test without Node.js. */
    static String run(String script, String input) throws Exception {
        Process node;
        try {
            node = new ProcessBuilder("node", "-e", script).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            return Assumptions.abort("no node on the PATH");
        }
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try (var out = node.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        writing.get(30, TimeUnit.SECONDS);
        if (!node.waitFor(30, TimeUnit.SECONDS) || node.exitValue() != 0) {
            throw new AssertionError("node failed");
        }
        return output;
    }
}
