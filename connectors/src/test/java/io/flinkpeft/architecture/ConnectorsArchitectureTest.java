package io.flinkpeft.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ConnectorsArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.flinkpeft.kafka");

    @Test
    void connectorsKnowNoEngine() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..")
                .because("a job that only reads or writes topics must not load libtorch")
                .check(CLASSES);
    }

    @Test
    void connectorsKnowEventsAndAdaptersOnly() {
        var allowed =
                resideInAnyPackage(
                                "io.flinkpeft.kafka..",
                                "io.flinkpeft.event",
                                "io.flinkpeft.json",
                                "io.flinkpeft.adapter",
                                "io.flinkpeft.serve",
                                "io.flinkpeft.flink.state",
                                "io.flinkpeft.flink.config") // the order of events
                        .or(simpleName("RejectedRecords")); // what counts them by cause
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("io.flinkpeft..").and(not(allowed)))
                .because("jobs are the one place where both sides meet")
                .check(CLASSES);
    }

    @Test
    void theAdapterTopicKnowsNoFlink() {
        noClasses()
                .that()
                .resideInAPackage("io.flinkpeft.kafka.topic")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.flink..", "io.flinkpeft.kafka", "io.flinkpeft.event..")
                .because("tools read and write the topic without a job")
                .check(CLASSES);
    }

    @Test
    void theRulesSeeTheClasses() {
        classes().that().haveSimpleName("KafkaVersionSource").should().bePublic().check(CLASSES);
        classes().that().haveSimpleName("AdapterTopicSink").should().bePublic().check(CLASSES);
    }
}
