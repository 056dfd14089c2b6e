package dev.auspex.executor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.auspex", importOptions = ImportOption.DoNotIncludeTests.class)
class ExecutorArchTest {

    @ArchTest
    static final ArchRule shouldKeepTheDomainPureWhenCodeGrows = classes()
            .that().resideInAPackage("dev.auspex.executor.domain..")
            .should().onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "dev.auspex.executor.domain..", "dev.auspex.protocol..");

    @ArchTest
    static final ArchRule shouldKeepKafkaBehindItsAdapterWhenCodeGrows = noClasses()
            .that().resideInAnyPackage(
                    "dev.auspex.executor.run..", "dev.auspex.executor.builtin..", "dev.auspex.executor.models..", "dev.auspex.model..")
            .should().dependOnClassesThat().resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule shouldKeepTheModelInterfaceAloneWhenCodeGrows = classes()
            .that().resideInAPackage("dev.auspex.model..")
            .should().onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "dev.auspex.model..");

    @ArchTest
    static final ArchRule shouldHaveNoCyclesWhenCodeGrows =
            slices().matching("dev.auspex.executor.(*)..").should().beFreeOfCycles();
}
