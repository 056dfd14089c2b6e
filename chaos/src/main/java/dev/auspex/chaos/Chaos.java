package dev.auspex.chaos;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./auspex chaos}. Exit codes: 0 when every promise was kept, 1 when one was broken, 2 for wrong options. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Starts a broker and two of each service, kills them under load, and counts what was lost.")
public final class Chaos implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(names = "--minutes", defaultValue = "5", description = "How long clients submit while processes are killed (${DEFAULT-VALUE}).")
    private double minutes;

    @Option(names = "--tour", arity = "0..1", fallbackValue = "whole", paramLabel = "brief|whole",
            description = "Every kind of fault once, services of different kinds at the same time, whatever it takes; instead of --minutes. 'brief' leaves out rolling restarts and freezing.")
    private Course.@Nullable Tour tour;

    @Option(names = "--seed", description = "Repeats the choices of a run; printed by every run.")
    private @Nullable Long seed;

    @Option(names = "--kill", split = ",", defaultValue = "gateway,router,executor,dispatcher,broker", paramLabel = "<service>",
            description = "What is killed, stopped and frozen (${DEFAULT-VALUE}); 'none' for load alone.")
    private List<String> kill = List.of();

    @Option(names = "--clients", defaultValue = "12", description = "How many clients submit, one prediction at a time each (${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--folder", description = "Keeps data and output of every process here; by default a temporary folder.")
    private @Nullable Path folder;

    private Chaos() {}

    /** See the class. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Chaos())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        String launcher = System.getenv("AUSPEX_LAUNCHER");
        if (launcher == null) {
            throw new ParameterException(spec.commandLine(), "run this as ./auspex chaos");
        }
        if (minutes <= 0 || minutes > 10_000 || clients < 1 || clients > 1_000) {
            throw new ParameterException(spec.commandLine(), "--minutes: expected 0 to 10000; --clients: expected 1 to 1000");
        }
        PrintWriter out = spec.commandLine().getOut();
        ChaosPlan plan = new ChaosPlan(
                Path.of(launcher),
                folder == null ? Files.createTempDirectory("auspex-chaos") : folder.toAbsolutePath(),
                seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed,
                tour == null ? new Course.Timed(Duration.ofMillis((long) (minutes * 60_000))) : tour,
                targets(),
                clients,
                Map.of());
        long begin = System.nanoTime();
        Verdict verdict = new ChaosRun(plan, line ->
                out.printf("%7.1f  %s%n", (System.nanoTime() - begin) / 1e9, line)).run();
        out.print(verdict.text());
        out.flush();
        return verdict.broken().isEmpty() ? 0 : 1;
    }

    private Set<ServiceKind> targets() {
        return kill.stream().filter(word -> !word.equals("none")).map(word -> {
            for (ServiceKind kind : ServiceKind.values()) {
                if (kind.command().equals(word)) {
                    return kind;
                }
            }
            throw new ParameterException(spec.commandLine(), "--kill: there is no service '" + word + "'");
        }).collect(Collectors.toUnmodifiableSet());
    }
}
