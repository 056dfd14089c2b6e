package dev.auspex.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A broker and two of each service, started all at once. One thread; closing kills what is left of it. */
public final class Installation implements AutoCloseable {

    /** The one account and its token. */
    public static final String TOKEN = "chaos-token";
    private static final String SECRET = "a secret of the chaos harness, long enough";
    private static final int EACH = 2;

    private final List<ServiceProcess> processes = new ArrayList<>();
    private final Map<String, String> shared = new HashMap<>();
    private final ServiceProcess.Place place;

    private Installation(ChaosPlan plan, int brokerPort, List<Integer> routerPorts) {
        this.place = new ServiceProcess.Place(plan.launcher(), plan.folder());
        shared.put("AUSPEX_NO_BUILD", "true");
        shared.put("AUSPEX_MODE", "development");
        shared.put("AUSPEX_KAFKA", "127.0.0.1:" + brokerPort);
        shared.put("AUSPEX_BROKER_PORT", Integer.toString(brokerPort));
        shared.put("AUSPEX_SECRET", SECRET);
        shared.put("AUSPEX_TOKENS", "chaos=" + TOKEN);
        shared.put("AUSPEX_FILES_FOLDER", plan.folder().resolve("files").toString());
        shared.put("AUSPEX_WEBHOOK_ALLOW", "127.0.0.0/8");
        shared.put("AUSPEX_WEBHOOK_SCHEDULE", "1s,2s,3s,5s,5s,5s,10s,10s,10s,20s");
        shared.put("AUSPEX_EXECUTOR_HARDWARE", "cpu");
        shared.put("AUSPEX_EXECUTOR_SLOTS", "8");
        shared.put("AUSPEX_EXECUTOR_LOCK", "5s");
        shared.put("AUSPEX_HARDWARE_CLASSES", "cpu");
        shared.put("AUSPEX_HEAP", "192m");
        // Short lives: what the second compiler gains it never earns back.
        shared.put("AUSPEX_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        shared.put("AUSPEX_ROUTER_URL", routerPorts.stream()
                .map(port -> "http://127.0.0.1:" + port)
                .collect(Collectors.joining(",")));
        shared.putAll(plan.environment());
    }

    /** Starts everything and returns at once; the broker last, because the services have to wait for it by themselves. */
    public static Installation start(ChaosPlan plan) throws IOException {
        List<Integer> ports = Ports.free(1 + EACH * 4);
        List<Integer> routers = ports.subList(1, 1 + EACH);
        Installation installation = new Installation(plan, ports.getFirst(), routers);
        try {
            for (int n = 0; n < EACH; n++) {
                int at = 1 + n;
                installation.add(ServiceKind.ROUTER, n, ports.get(at), "AUSPEX_ROUTER_PORT", Map.of(
                        "AUSPEX_ROUTER_ADVERTISED", "127.0.0.1:" + ports.get(at)));
                installation.add(ServiceKind.GATEWAY, n, ports.get(at + EACH), "AUSPEX_HTTP_PORT", Map.of());
                installation.add(ServiceKind.EXECUTOR, n, ports.get(at + 2 * EACH), "AUSPEX_EXECUTOR_PORT", Map.of());
                installation.add(ServiceKind.DISPATCHER, n, ports.get(at + 3 * EACH), "AUSPEX_DISPATCHER_PORT", Map.of());
            }
            installation.add(ServiceKind.BROKER, 0, ports.getFirst(), "AUSPEX_BROKER_PORT", Map.of("AUSPEX_HEAP", "384m"));
            return installation;
        } catch (IOException | RuntimeException e) {
            installation.close();
            throw e;
        }
    }

    private void add(ServiceKind kind, int number, int port, String portKey, Map<String, String> more)
            throws IOException {
        String name = kind == ServiceKind.BROKER ? kind.command() : kind.command() + "-" + (number + 1);
        Path data = place.folder().resolve("data-" + name);
        Map<String, String> environment = new HashMap<>(shared);
        environment.put("AUSPEX_DATA", data.toString());
        environment.put(portKey, Integer.toString(port));
        environment.putAll(more);
        processes.add(new ServiceProcess(kind, name, port, place, environment));
    }

    /** Waits until every process is ready. */
    public void awaitReady() throws InterruptedException {
        for (ServiceProcess process : processes) {
            process.awaitReady();
        }
    }

    /** Every process of a kind. */
    public List<ServiceProcess> of(ServiceKind kind) {
        return processes.stream().filter(process -> process.kind() == kind).toList();
    }

    /** All of them. */
    public List<ServiceProcess> all() {
        return List.copyOf(processes);
    }

    /** The gateways' addresses, without {@code /v1}. */
    public List<String> gateways() {
        return of(ServiceKind.GATEWAY).stream().map(process -> "http://127.0.0.1:" + process.port()).toList();
    }

    /** Deletes everything a service keeps on this machine; it must not run. */
    void wipe(ServiceProcess process) throws IOException {
        Path data = place.folder().resolve("data-" + process.name());
        if (!Files.exists(data)) {
            return;
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        processes.forEach(ServiceProcess::close);
    }
}
