package io.flinkpeft.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every piece of Java that Javadoc or a document shows compiles. */
class DocumentedJavaTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern MAIN = Pattern.compile(".*[/\\\\]src.main.java.(.*)\\.java");
    private static final Pattern NAME = Pattern.compile("\\b[A-Z]\\w*\\b");

    /** What an example may take for granted, as its reader has it. */
    private static final Map<String, String> GIVEN =
            new LinkedHashMap<>(
                    Map.ofEntries(
                            given(
                                    "env",
                                    "o.a.f.streaming.api.environment.StreamExecutionEnvironment"),
                            given(
                                    "examples",
                                    "o.a.f.streaming.api.datastream.DataStream<i.f.event.Example>"),
                            given(
                                    "versions",
                                    "o.a.f.streaming.api.datastream.DataStream<i.f.adapter.AdapterVersion>"),
                            given(
                                    "rejected",
                                    "o.a.f.streaming.api.datastream.DataStream<i.f.event.Rejected>"),
                            given(
                                    "predictionSink",
                                    "o.a.f.api.connector.sink2.Sink<i.f.event.PrequentialResult>"),
                            given(
                                    "deadLetters",
                                    "o.a.f.api.connector.sink2.Sink<i.f.event.Rejected>"),
                            given("options", "o.a.f.configuration.Configuration"),
                            given("model", "String"),
                            given("method", "i.f.method.PeftConfig"),
                            given("base", "Path"),
                            given("adapter", "Path"),
                            given("output", "Path"),
                            given("words", "Map<String, List<String>>"),
                            given("seed", "long")));

    private static Entry<String, String> given(String name, String type) {
        return Map.entry(
                name, type.replace("o.a.f.", "org.apache.flink.").replace("i.f.", "io.flinkpeft."));
    }

    static List<JavaExample> examples() throws Exception {
        var examples = new ArrayList<JavaExample>();
        for (Path file : sources()) {
            examples.addAll(JavaExample.inSource(file));
        }
        for (Path file : RepositoryFiles.of(ROOT, ".md")) {
            examples.addAll(JavaExample.inDocument(file));
        }
        return examples;
    }

    private static List<Path> sources() throws Exception {
        return RepositoryFiles.of(ROOT, ".java").stream()
                .filter(file -> MAIN.matcher(file.toString()).matches())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleCompiles(JavaExample example, @TempDir Path classes) throws Exception {
        assertThat(errors(example, classes)).as("%s\n%s", example.file(), example.code()).isEmpty();
    }

    @Test
    void theExamplesAreFound() throws Exception {
        assertThat(examples().stream().map(example -> example.file().getFileName().toString()))
                .contains(
                        "TrainingSettings.java",
                        "OnlineTraining.java",
                        "ExampleSource.java",
                        "AdapterTopicSink.java",
                        "ModelMerge.java",
                        "TargetModules.java",
                        "SafetensorsFile.java");
    }

    @Test
    void whatDoesNotCompileIsSeen(@TempDir Path classes) throws Exception {
        var example =
                new JavaExample(
                        Path.of("A.java"),
                        "io.flinkpeft.flink.config",
                        List.of(),
                        "TrainingSettings.of(\"minilm\", LoraConfig.of(8, 8, 8))");

        assertThat(errors(example, classes)).anyMatch(line -> line.contains("method of"));
    }

    private static List<String> errors(JavaExample example, Path classes) throws Exception {
        var found = new DiagnosticCollector<JavaFileObject>();
        ToolProvider.getSystemJavaCompiler()
                .getTask(
                        null,
                        null,
                        found,
                        List.of("-proc:none", "-d", classes.toString()),
                        null,
                        List.of(source(example)))
                .call();
        return found.getDiagnostics().stream()
                .filter(line -> line.getKind() == Diagnostic.Kind.ERROR)
                .map(line -> line.getMessage(Locale.ROOT))
                .toList();
    }

    private static JavaFileObject source(JavaExample example) throws Exception {
        String text =
                (example.packageName().isEmpty() ? "" : "package " + example.packageName() + ";\n")
                        + String.join("\n", imports(example))
                        + "\nclass ShownInDocumentation {\n  void show("
                        + given(example)
                        + ") throws Exception {\n"
                        + example.statements()
                        + "\n  }\n}\n";
        return new SimpleJavaFileObject(
                URI.create("string:///ShownInDocumentation.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    /** The parameters that the example uses and does not declare itself. */
    private static String given(JavaExample example) {
        return GIVEN.entrySet().stream()
                .filter(of -> example.code().matches("(?s).*\\b" + of.getKey() + "\\b[^(].*"))
                .filter(of -> !example.code().matches("(?s).*\\b\\w+ " + of.getKey() + " =.*"))
                .map(of -> of.getValue() + " " + of.getKey())
                .collect(Collectors.joining(", "));
    }

    /** Those of the class, and of our own types and the JDK's what an editor would add. */
    private static List<String> imports(JavaExample example) throws Exception {
        var imports = new ArrayList<>(example.imports());
        imports.add("import java.nio.file.*;");
        imports.add("import java.util.*;");
        Map<String, List<String>> own = ownTypes();
        NAME.matcher(example.code())
                .results()
                .map(match -> match.group())
                .distinct()
                .filter(name -> own.getOrDefault(name, List.of()).size() == 1)
                .map(name -> own.get(name).get(0))
                .filter(
                        name ->
                                imports.stream()
                                        .noneMatch(line -> line.endsWith("." + simple(name) + ";")))
                .forEach(name -> imports.add("import " + name + ";"));
        return imports;
    }

    /** Full names of our types, by simple name. */
    private static Map<String, List<String>> ownTypes() throws Exception {
        return sources().stream()
                .map(file -> MAIN.matcher(file.toString()).replaceAll("$1").replaceAll("\\W", "."))
                .collect(Collectors.groupingBy(name -> simple(name)));
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
