package dev.auspex.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.auspex.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class GatewayArchTest {

    @ArchTest
    static final ArchRule shouldKeepTheDomainPureWhenAdaptersGrow = noClasses()
            .that().resideInAPackage("..gateway.domain..")
            .should().dependOnClassesThat().resideInAnyPackage(
                    "io.vertx..", "org.apache.kafka..", "io.micrometer..", "..gateway.app..", "..gateway.http..",
                    "..gateway.kafka..", "..gateway.router..");

    @ArchTest
    static final ArchRule shouldOnlyLetTheAppKnowEverythingWhenWiring = noClasses()
            .that().resideOutsideOfPackage("..gateway.app..")
            .should().dependOnClassesThat().resideInAPackage("..gateway.app..");

    @ArchTest
    static final ArchRule shouldKeepHttpOutOfTheOtherAdapters = noClasses()
            .that().resideInAnyPackage("..gateway.kafka..", "..gateway.router..")
            .should().dependOnClassesThat().resideInAnyPackage("..gateway.http..", "io.vertx.ext.web..");

    @ArchTest
    static final ArchRule shouldSendOnlyThroughTheSenderWhenProducing = classes()
            .that().haveFullyQualifiedName("org.apache.kafka.clients.producer.KafkaProducer")
            .should().onlyHaveDependentClassesThat().resideInAPackage("..gateway.kafka..")
            .allowEmptyShould(true);
}
