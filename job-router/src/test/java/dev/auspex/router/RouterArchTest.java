package dev.auspex.router;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Arrows point inwards: decisions know neither Kafka nor HTTP nor the clock. */
@AnalyzeClasses(packages = "dev.auspex.router", importOptions = ImportOption.DoNotIncludeTests.class)
class RouterArchTest {

    @ArchTest
    static final ArchRule DOMAIN_IS_PURE = noClasses().that().resideInAPackage("..router.domain..")
            .should().dependOnClassesThat().resideInAnyPackage(
                    "org.apache.kafka..", "io.vertx..", "io.micrometer..", "org.slf4j..", "java.io..", "java.nio..",
                    "dev.auspex.runtime..", "..router.kafka..", "..router.http..", "..router.query..", "..router.app..")
            .orShould().dependOnClassesThat().haveFullyQualifiedName("java.time.Clock");

    @ArchTest
    static final ArchRule DOMAIN_ASKS_NO_CLOCK = noClasses().that().resideInAPackage("..router.domain..")
            .should().callMethod(java.time.Instant.class, "now")
            .orShould().callMethod(System.class, "currentTimeMillis")
            .orShould().callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule QUERIES_KNOW_NO_ADAPTER = noClasses().that().resideInAPackage("..router.query..")
            .should().dependOnClassesThat().resideInAnyPackage(
                    "org.apache.kafka..", "io.vertx..", "..router.kafka..", "..router.http..", "..router.app..");

    @ArchTest
    static final ArchRule ADAPTERS_DO_NOT_KNOW_EACH_OTHER = noClasses().that().resideInAPackage("..router.http..")
            .should().dependOnClassesThat().resideInAnyPackage("..router.kafka..", "org.apache.kafka..");

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching("dev.auspex.router.(*)..").should().beFreeOfCycles();
}
