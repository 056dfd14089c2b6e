package dev.auspex.executor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

class ExecutorArchTest {

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.auspex");

    private static final ArchRule DOMAIN_IS_PURE = classes()
            .that().resideInAPackage("dev.auspex.executor.domain..")
            .should().onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "dev.auspex.executor.domain..", "dev.auspex.protocol..");

    private static final ArchRule KAFKA_IS_BEHIND_ITS_ADAPTER = noClasses()
            .that().resideInAnyPackage(
                    "dev.auspex.executor.run..", "dev.auspex.executor.builtin..", "dev.auspex.executor.models..", "dev.auspex.model..")
            .should().dependOnClassesThat().resideInAPackage("org.apache.kafka..");

    private static final ArchRule MODEL_INTERFACE_STANDS_ALONE = classes()
            .that().resideInAPackage("dev.auspex.model..")
            .should().onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "dev.auspex.model..");

    private static final ArchRule NO_CYCLES =
            slices().matching("dev.auspex.executor.(*)..").should().beFreeOfCycles();

    @Test
    void shouldKeepTheDomainPureWhenCodeGrows() {
        DOMAIN_IS_PURE.check(CODE);
    }

    @Test
    void shouldKeepKafkaBehindItsAdapterWhenCodeGrows() {
        KAFKA_IS_BEHIND_ITS_ADAPTER.check(CODE);
    }

    @Test
    void shouldKeepTheModelInterfaceAloneWhenCodeGrows() {
        MODEL_INTERFACE_STANDS_ALONE.check(CODE);
    }

    @Test
    void shouldHaveNoCyclesWhenCodeGrows() {
        NO_CYCLES.check(CODE);
    }
}
