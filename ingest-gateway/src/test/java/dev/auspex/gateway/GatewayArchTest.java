package dev.auspex.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;

/** Plain JUnit methods: the rules then count in every report, which ArchUnit's own engine leaves out. */
class GatewayArchTest {

    private static final JavaClasses GATEWAY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.auspex.gateway");

    @Test
    void shouldKeepTheDomainPureWhenAdaptersGrow() {
        noClasses()
                .that().resideInAPackage("..gateway.domain..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "io.vertx..", "org.apache.kafka..", "io.micrometer..", "..gateway.app..", "..gateway.http..",
                        "..gateway.kafka..", "..gateway.router..", "..gateway.stream..", "..gateway.files..")
                .check(GATEWAY);
    }

    @Test
    void shouldKnowEverythingOnlyInTheAppWhenWiring() {
        noClasses()
                .that().resideOutsideOfPackage("..gateway.app..")
                .should().dependOnClassesThat().resideInAPackage("..gateway.app..")
                .check(GATEWAY);
    }

    @Test
    void shouldKeepRoutesOutOfTheOtherAdaptersWhenTheyGrow() {
        noClasses()
                .that().resideInAnyPackage("..gateway.kafka..", "..gateway.router..")
                .should().dependOnClassesThat().resideInAnyPackage("..gateway.http..", "io.vertx.ext.web..")
                .check(GATEWAY);
    }

    @Test
    void shouldProduceOnlyThroughTheSenderWhenWritingToKafka() {
        noClasses()
                .that().resideOutsideOfPackage("..gateway.kafka..")
                .should().dependOnClassesThat().belongToAnyOf(KafkaProducer.class)
                .check(GATEWAY);
    }
}
