package dev.auspex.system.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.TopicSpec;
import dev.auspex.protocol.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house over the main classes of all modules; each rule is also shown to catch a counter-example. */
class HouseArchTest {

    private static final List<String> MODULES = List.of(
            "dev.auspex.protocol", "dev.auspex.runtime", "dev.auspex.broker", "dev.auspex.testing", "dev.auspex.gateway",
            "dev.auspex.router", "dev.auspex.executor", "dev.auspex.dispatcher", "dev.auspex.standalone",
            "dev.auspex.benchmarks", "dev.auspex.chaos");

    private static JavaClasses house;
    private static JavaClasses counterexamples;

    @BeforeAll
    static void read() {
        house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.auspex");
        counterexamples = new ClassFileImporter().importPackages("dev.auspex.system.house.counterexample");
    }

    @Test
    void shouldSeeEveryModuleWhenTheRulesAreChecked() {
        for (String module : MODULES) {
            assertThat(house).as("main classes of %s", module)
                    .anyMatch(type -> type.getPackageName().equals(module) || type.getPackageName().startsWith(module + "."));
        }
        assertThat(house).noneMatch(type -> type.getPackageName().startsWith("dev.auspex.system"));
    }

    static List<ArchRule> rules() {
        List<ArchRule> rules = new ArrayList<>();
        rules.addAll(HouseRules.servicesDoNotKnowEachOther("dev.auspex"));
        rules.add(HouseRules.protocolDoesNothing());
        rules.add(HouseRules.domainIsPure());
        rules.add(HouseRules.logsThroughSlf4j());
        rules.add(HouseRules.onlyCommandLinesPrint());
        rules.add(HouseRules.namesSayTheRole());
        rules.add(HouseRules.eventLoopsDoNotWait());
        rules.add(HouseRules.topicNamesComeFromTopics());
        return rules;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void shouldHoldForEveryModuleWhenARuleIsChecked(ArchRule rule) {
        rule.check(house);
    }

    static Stream<ArchRule> rulesWithCounterexamples() {
        return Stream.of(
                gatewayRule("dev.auspex.system.house.counterexample"),
                HouseRules.domainIsPure(),
                HouseRules.logsThroughSlf4j(),
                HouseRules.onlyCommandLinesPrint(),
                HouseRules.namesSayTheRole(),
                HouseRules.eventLoopsDoNotWait(),
                HouseRules.topicNamesComeFromTopics());
    }

    private static ArchRule gatewayRule(String root) {
        return HouseRules.servicesDoNotKnowEachOther(root).stream()
                .filter(rule -> rule.getDescription().contains("no classes that reside in any package ['" + root + ".gateway..'"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("rulesWithCounterexamples")
    void shouldComplainWhenCodeBreaksARule(ArchRule rule) {
        assertThatThrownBy(() -> rule.check(counterexamples)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("counterexample");
    }

    @Test
    void shouldBeNullMarkedWhenAPackageHoldsClasses() {
        assertThat(HouseRules.packagesWithoutNullMarked(house)).isEmpty();
        assertThat(HouseRules.packagesWithoutNullMarked(counterexamples)).isNotEmpty();
    }

    @Test
    void shouldComeFromTopicsWhenATopicIsNamed() {
        assertThat(classesThatSpellTopics(house)).isEmpty();
        assertThat(classesThatSpellTopics(counterexamples)).isNotEmpty();
    }

    /** "Class: literal" for every literal that is the name of a topic, or that begins the name of a jobs topic. */
    private static Set<String> classesThatSpellTopics(JavaClasses classes) {
        TopicSettings settings =
                new TopicSettings("auspex.", 1, (short) 1, Duration.ofHours(1), List.of(new HardwareClass("cpu")));
        Set<String> names = new Topics(settings).all().stream().map(TopicSpec::name).collect(Collectors.toSet());
        Set<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            if (!type.getFullName().equals(Topics.class.getName())) {
                StringConstants.of(type).stream()
                        .filter(text -> names.contains(text) || text.startsWith("auspex.jobs") || text.equals("jobs."))
                        .forEach(text -> found.add(type.getName() + ": " + text));
            }
        }
        return found;
    }
}
