package dev.auspex.dispatcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class DispatcherArchTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.auspex.dispatcher");

    @Test
    void shouldHoldNoInputOrOutputWhenInTheDomain() {
        noClasses()
                .that().resideInAPackage("..dispatcher.domain..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "io.vertx..", "org.apache.kafka..", "io.micrometer..", "dev.auspex.runtime..", "java.net..")
                .check(CLASSES);
    }

    @Test
    void shouldPointInwardsWhenPackagesDependOnEachOther() {
        noClasses()
                .that().resideInAnyPackage("..dispatcher.http..", "..dispatcher.delivery..")
                .should().dependOnClassesThat().resideInAnyPackage("..dispatcher.kafka..", "..dispatcher.app..")
                .check(CLASSES);
        noClasses()
                .that().resideInAPackage("..dispatcher.kafka..")
                .should().dependOnClassesThat().resideInAnyPackage("..dispatcher.http..", "..dispatcher.app..")
                .check(CLASSES);
    }

    @Test
    void shouldNotKnowKafkaClientsWhenOnTheEventLoop() {
        noClasses()
                .that().resideInAnyPackage("..dispatcher.http..", "..dispatcher.delivery..")
                .should().dependOnClassesThat().resideInAPackage("org.apache.kafka.clients..")
                .check(CLASSES);
    }
}
