package dev.auspex.system.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rules of the house as ArchUnit knows them. Patterns, not names, so that counter-examples can break each one. */
final class HouseRules {

    /** The services' packages below the root; the executor brings the interface for models along. */
    private static final Map<String, List<String>> SERVICES = new TreeMap<>(Map.of(
            "gateway", List.of("gateway"),
            "router", List.of("router"),
            "executor", List.of("executor", "model"),
            "dispatcher", List.of("dispatcher")));

    private static final Set<String> FOR_THE_LIFECYCLE = Set.of("start", "stop", "close", "shutdown", "listen");

    private HouseRules() {}

    /** The services meet in Kafka, not in code. @param root the package above those of the services */
    static List<ArchRule> servicesDoNotKnowEachOther(String root) {
        List<ArchRule> rules = new ArrayList<>();
        SERVICES.forEach((service, packages) -> {
            List<String> foreign = new ArrayList<>(List.of(root + ".standalone..", root + ".broker.."));
            SERVICES.forEach((other, theirs) -> {
                if (!other.equals(service)) {
                    theirs.forEach(name -> foreign.add(root + "." + name + ".."));
                }
            });
            rules.add(noClasses().that().resideInAnyPackage(below(root, packages))
                    .should().dependOnClassesThat().resideInAnyPackage(foreign.toArray(String[]::new))
                    .because("services are deployed apart and share only the protocol and the runtime"));
        });
        return rules;
    }

    private static String[] below(String root, List<String> packages) {
        return packages.stream().map(name -> root + "." + name + "..").toArray(String[]::new);
    }

    /** The protocol is what travels, nothing else. */
    static ArchRule protocolDoesNothing() {
        return noClasses().that().resideInAPackage("dev.auspex.protocol..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "io.vertx..", "org.apache.kafka.clients..", "org.apache.kafka.streams..", "java.net.http..",
                        "java.nio.file..", "io.micrometer..", "org.slf4j..", "dev.auspex.runtime..")
                .because("it can be used by any client without bringing threads, sockets or logs along");
    }

    /** Decisions are pure: no I/O type, no adapter, no wiring. */
    static ArchRule domainIsPure() {
        return noClasses().that().resideInAPackage("dev.auspex..domain..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "io.vertx..", "org.apache.kafka.clients..", "org.apache.kafka.streams..", "java.net.http..",
                        "java.nio.channels..", "jcuda..", "io.micrometer..", "org.rocksdb..",
                        "dev.auspex..app..", "dev.auspex..http..", "dev.auspex..kafka..", "dev.auspex..cuda..")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.nio.file.Files")
                .because("what was decided has to be the same when it is replayed and easy to test");
    }

    /** One logging API. */
    static ArchRule logsThroughSlf4j() {
        return noClasses().should().dependOnClassesThat().resideInAnyPackage(
                        "java.util.logging..", "org.apache.log4j..", "org.apache.logging..", "org.apache.commons.logging..")
                .because("SLF4J is the house's logging API");
    }

    /** Only the command lines write to the console. */
    static ArchRule onlyCommandLinesPrint() {
        return noClasses().that().resideOutsideOfPackages("dev.auspex.standalone..", "dev.auspex.benchmarks..", "dev.auspex.chaos..", "dev.auspex.executor.bench..")
                .and().doNotHaveFullyQualifiedName("dev.auspex.runtime.lifecycle.ServiceMain")
                .should().accessField(System.class, "out")
                .orShould().accessField(System.class, "err")
                .because("services log");
    }

    /** Names say the role. */
    static ArchRule namesSayTheRole() {
        return noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)")
                .because("these endings say nothing about the role");
    }

    /** Handlers run on event loops, where waiting stops everybody. */
    static ArchRule eventLoopsDoNotWait() {
        return ArchRuleDefinition.classes().that().resideInAPackage("dev.auspex..http..")
                .should(new ArchCondition<JavaClass>("not wait for a Future outside of " + FOR_THE_LIFECYCLE) {
                    @Override
                    public void check(JavaClass item, ConditionEvents events) {
                        item.getCodeUnits().stream()
                                .filter(unit -> !FOR_THE_LIFECYCLE.contains(unit.getName()))
                                .flatMap(unit -> unit.getMethodCallsFromSelf().stream())
                                .filter(HouseRules::waits)
                                .forEach(call -> events.add(SimpleConditionEvent.violated(item, call.getDescription())));
                    }
                })
                .because("a handler runs on an event loop");
    }

    private static boolean waits(JavaMethodCall call) {
        String owner = call.getTargetOwner().getFullName();
        String name = call.getTarget().getName();
        return switch (name) {
            case "await" -> owner.startsWith("io.vertx.core.") || owner.startsWith("java.util.concurrent.");
            case "get", "join" -> owner.equals("java.util.concurrent.Future") || owner.equals("java.util.concurrent.CompletableFuture");
            case "sleep" -> owner.equals("java.lang.Thread");
            default -> false;
        };
    }

    /** The prefix of topic names is put in front in one place. */
    static ArchRule topicNamesComeFromTopics() {
        return ArchRuleDefinition.noCodeUnits()
                .that().areDeclaredInClassesThat().doNotHaveFullyQualifiedName("dev.auspex.protocol.topic.Topics")
                .and().areDeclaredInClassesThat().doNotHaveFullyQualifiedName("dev.auspex.protocol.topic.TopicSettings")
                .should(new ArchCondition<JavaCodeUnit>("read the prefix of topic names") {
                    @Override
                    public void check(JavaCodeUnit unit, ConditionEvents events) {
                        unit.getMethodCallsFromSelf().stream()
                                .filter(call -> call.getTarget().getName().equals("prefix")
                                        && call.getTargetOwner().getSimpleName().equals("TopicSettings"))
                                .forEach(call -> events.add(SimpleConditionEvent.satisfied(unit, call.getDescription())));
                    }
                })
                .because("Topics owns every name");
    }

    /** Packages without {@code @NullMarked}, by name. */
    static Set<String> packagesWithoutNullMarked(JavaClasses classes) {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass each : classes) {
            if (!each.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
                unmarked.add(each.getPackageName());
            }
        }
        return unmarked;
    }
}
