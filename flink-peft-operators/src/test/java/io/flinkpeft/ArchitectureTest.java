package io.flinkpeft;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The directions of the packages of this module, as their package-infos state them. */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.flinkpeft");

    private static final String JACKSON = "com.fasterxml.jackson..";
    private static final String RE2 = "com.google.re2j..";
    private static final String DJL = "ai.djl..";
    private static final String JNA = "com.sun.jna..";
    private static final String FLINK = "org.apache.flink..";
    private static final String LOGGING = "org.slf4j..";

    /** Each package, and what it may import besides the JDK and itself. */
    private static final Map<String, Set<String>> MAY_IMPORT =
            Map.ofEntries(
                    Map.entry("event", Set.of()),
                    Map.entry("json", Set.of(JACKSON, own("event"))),
                    Map.entry("evaluation", Set.of()),
                    Map.entry("adapter", Set.of()),
                    Map.entry("safetensors", Set.of(JACKSON)),
                    Map.entry("method", Set.of(JACKSON, RE2, own("adapter"), own("safetensors"))),
                    Map.entry("serve", Set.of(own("adapter"))),
                    Map.entry(
                            "predict",
                            Set.of(
                                    LOGGING,
                                    own("serve"),
                                    own("train"),
                                    own("task"),
                                    own("adapter"))),
                    Map.entry(
                            "engine",
                            Set.of(
                                    DJL,
                                    JNA,
                                    LOGGING,
                                    own("method"),
                                    own("adapter"),
                                    own("safetensors"))),
                    Map.entry(
                            "model",
                            Set.of(
                                    DJL,
                                    LOGGING,
                                    JACKSON,
                                    "ai.onnx.proto..",
                                    "com.google.protobuf..",
                                    own("engine"),
                                    own("method"),
                                    own("adapter"),
                                    own("safetensors"))),
                    Map.entry(
                            "merge",
                            Set.of(
                                    DJL,
                                    JACKSON,
                                    own("engine"),
                                    own("model"),
                                    own("method"),
                                    own("safetensors"))),
                    Map.entry(
                            "task",
                            Set.of(
                                    JACKSON,
                                    own("model"),
                                    own("method"),
                                    own("evaluation"),
                                    own("event"))),
                    Map.entry(
                            "train",
                            Set.of(
                                    DJL,
                                    LOGGING,
                                    JACKSON,
                                    own("engine"),
                                    own("task"),
                                    own("model"),
                                    own("method"),
                                    own("adapter"),
                                    own("safetensors"),
                                    own("evaluation"),
                                    own("event"))),
                    Map.entry(
                            "flink",
                            Set.of(
                                    FLINK,
                                    LOGGING,
                                    own("train"),
                                    own("task"),
                                    own("method"),
                                    own("adapter"),
                                    own("evaluation"),
                                    own("event"))),
                    Map.entry(
                            "sql",
                            Set.of(
                                    FLINK,
                                    LOGGING,
                                    own("flink"),
                                    own("predict"),
                                    own("serve"),
                                    own("train"),
                                    own("task"),
                                    own("method"),
                                    own("adapter"),
                                    own("event"))));

    private static String own(String name) {
        return "io.flinkpeft." + name + "..";
    }

    static Stream<String> packages() {
        return MAY_IMPORT.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageImportsOnlyWhatItSays(String name) {
        var allowed =
                Stream.concat(MAY_IMPORT.get(name).stream(), Stream.of(own(name), "java..", ""))
                        .toArray(String[]::new);
        classes()
                .that(resideInAPackage(own(name)))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed))
                .because("arrows point one way: a part can be read, tested and moved alone")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackageHasItsRule() {
        var found =
                CLASSES.stream()
                        .map(c -> c.getPackageName().substring("io.flinkpeft.".length()))
                        .map(
                                name ->
                                        name.contains(".")
                                                ? name.substring(0, name.indexOf('.'))
                                                : name)
                        .collect(Collectors.toSet());
        assertThat(MAY_IMPORT.keySet()).containsAll(found);
    }

    @Test
    void whatAMethodIsKnowsNoMethodAndNoFile() {
        classes()
                .that(resideInAPackage("io.flinkpeft.method"))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                "io.flinkpeft.method",
                                own("adapter"),
                                own("safetensors"),
                                "java..",
                                ""))
                .because("a method or a file format is added below it")
                .check(CLASSES);
    }

    @Test
    void noTensorReachesFlink() {
        noClasses()
                .that(resideInAnyPackage(own("flink"), own("sql"), own("event"), own("adapter")))
                .should()
                .dependOnClassesThat(resideInAPackage(DJL))
                .because("Flink's side must load and serialize without the engine")
                .check(CLASSES);
    }

    @Test
    void nothingKnowsKafka() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.kafka.."))
                .orShould()
                .dependOnClassesThat(resideInAPackage("org.apache.flink.connector.kafka.."))
                .because("streams may come from anywhere; Kafka is in the module connectors")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.flinkpeft.(**)")
                .should()
                .beFreeOfCycles()
                .because("a cycle makes one part of two")
                .check(CLASSES);
    }

    @Test
    void settingsAndStateDoNotKnowTheOperator() {
        noClasses()
                .that(resideInAPackage("io.flinkpeft.flink.config"))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.flinkpeft.flink", "io.flinkpeft.flink.state"))
                .because("settings are read before there is an operator")
                .check(CLASSES);
        noClasses()
                .that(resideInAPackage("io.flinkpeft.flink.state"))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.flinkpeft.flink", "io.flinkpeft.flink.config"))
                .because("state outlives operators and settings")
                .check(CLASSES);
    }
}
