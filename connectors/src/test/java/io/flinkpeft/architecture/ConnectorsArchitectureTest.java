package io.flinkpeft.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConnectorsArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.flinkpeft.kafka");

    private static final List<String> ALLOWED =
            List.of(
                    "io.flinkpeft.event",
                    "io.flinkpeft.json",
                    "io.flinkpeft.adapter",
                    "io.flinkpeft.serve",
                    "io.flinkpeft.flink.state",
                    "io.flinkpeft.flink.config"); // the order of events

    /** What counts rejected records by cause. */
    private static final String COUNTER = "RejectedRecords";

    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?(io\\.flinkpeft[a-z.]*)\\.([A-Z]\\w*)");

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
                resideInAnyPackage(ALLOWED.toArray(String[]::new))
                        .or(resideInAPackage("io.flinkpeft.kafka.."))
                        .or(simpleName(COUNTER));
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("io.flinkpeft..").and(not(allowed)))
                .because("jobs are the one place where both sides meet")
                .check(CLASSES);
    }

    /** A constant of a class leaves no trace of the class in what is compiled. */
    @Test
    void noConstantComesFromElsewhere() throws IOException {
        var foreign = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                IMPORT.matcher(Files.readString(file))
                        .results()
                        .filter(match -> !match.group(1).startsWith("io.flinkpeft.kafka"))
                        .filter(match -> !ALLOWED.contains(match.group(1)))
                        .filter(match -> !match.group(2).equals(COUNTER))
                        .forEach(match -> foreign.add(file.getFileName() + ": " + match.group()));
            }
        }
        assertThat(foreign).isEmpty();
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
