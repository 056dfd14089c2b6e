package dev.auspex.executor.cog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A {@link CogStandIn} in a process of its own. */
final class CogProcess implements AutoCloseable {

    private final Process process;
    private final int port;

    private CogProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static CogProcess start(CogStandIn.Family family, String output, int port) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m",
                        "-cp", System.getProperty("java.class.path"),
                        CogStandIn.class.getName(), family.name(), output, Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("the stand-in did not start");
        }
        return new CogProcess(process, Integer.parseInt(line.replace("port ", "")));
    }

    int port() {
        return port;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        boolean unused = process.waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
