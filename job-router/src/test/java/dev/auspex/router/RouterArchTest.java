package dev.auspex.router;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Arrows point inwards: decisions know neither Kafka nor HTTP nor the clock. */
class RouterArchTest {

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.auspex.router");

    private static final ArchRule DOMAIN_IS_PURE = noClasses().that().resideInAPackage("..router.domain..")
            .should().dependOnClassesThat().resideInAnyPackage(
                    "org.apache.kafka..", "io.vertx..", "io.micrometer..", "org.slf4j..", "java.io..", "java.nio..",
                    "dev.auspex.runtime..", "..router.kafka..", "..router.http..", "..router.query..", "..router.app..")
            .orShould().dependOnClassesThat().haveFullyQualifiedName("java.time.Clock");

    private static final ArchRule DOMAIN_ASKS_NO_CLOCK = noClasses().that().resideInAPackage("..router.domain..")
            .should().callMethod(java.time.Instant.class, "now")
            .orShould().callMethod(System.class, "currentTimeMillis")
            .orShould().callMethod(System.class, "nanoTime");

    private static final ArchRule QUERIES_KNOW_NO_ADAPTER = noClasses().that().resideInAPackage("..router.query..")
            .should().dependOnClassesThat().resideInAnyPackage(
                    "org.apache.kafka..", "io.vertx..", "..router.kafka..", "..router.http..", "..router.app..");

    private static final ArchRule ADAPTERS_DO_NOT_KNOW_EACH_OTHER = noClasses().that().resideInAPackage("..router.http..")
            .should().dependOnClassesThat().resideInAnyPackage("..router.kafka..", "org.apache.kafka..");

    private static final ArchRule NO_CYCLES = slices().matching("dev.auspex.router.(*)..").should().beFreeOfCycles();

    @Test
    void shouldKeepTheDomainPureWhenAdaptersGrow() {
        DOMAIN_IS_PURE.check(CODE);
    }

    @Test
    void shouldAskNoClockWhenDeciding() {
        DOMAIN_ASKS_NO_CLOCK.check(CODE);
    }

    @Test
    void shouldKnowNoAdapterWhenAnsweringQueries() {
        QUERIES_KNOW_NO_ADAPTER.check(CODE);
    }

    @Test
    void shouldKeepAdaptersApartWhenTheyGrow() {
        ADAPTERS_DO_NOT_KNOW_EACH_OTHER.check(CODE);
    }

    @Test
    void shouldHaveNoCyclesWhenCodeGrows() {
        NO_CYCLES.check(CODE);
    }
}
