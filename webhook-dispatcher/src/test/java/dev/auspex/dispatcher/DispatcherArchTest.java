package dev.auspex.dispatcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.auspex.dispatcher", importOptions = ImportOption.DoNotIncludeTests.class)
class DispatcherArchTest {

    @ArchTest
    static final ArchRule shouldHoldNoInputOrOutputWhenInTheDomain = noClasses()
            .that().resideInAPackage("..dispatcher.domain..")
            .should().dependOnClassesThat().resideInAnyPackage(
                    "io.vertx..", "org.apache.kafka..", "io.micrometer..", "dev.auspex.runtime..", "java.net..", "java.io.File..");

    @ArchTest
    static final ArchRule shouldPointInwardsWhenPackagesDependOnEachOther = noClasses()
            .that().resideInAnyPackage("..dispatcher.http..", "..dispatcher.delivery..")
            .should().dependOnClassesThat().resideInAnyPackage("..dispatcher.kafka..", "..dispatcher.app..");

    @ArchTest
    static final ArchRule shouldKnowOnlyItsSendersWhenReadingKafka = noClasses()
            .that().resideInAPackage("..dispatcher.kafka..")
            .should().dependOnClassesThat().resideInAnyPackage("..dispatcher.http..", "..dispatcher.app..");

    @ArchTest
    static final ArchRule shouldNotBlockWhenOnTheEventLoop = noClasses()
            .that().resideInAnyPackage("..dispatcher.http..", "..dispatcher.delivery..")
            .should().dependOnClassesThat().resideInAPackage("org.apache.kafka.clients..");
}
