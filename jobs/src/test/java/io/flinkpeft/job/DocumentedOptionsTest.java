package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.flink.config.TrainingConfiguration;
import io.flinkpeft.kafka.topic.KafkaVersionSourceFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents say of options is what the code does. */
class DocumentedOptionsTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final String CONFIG = "io.flinkpeft.flink.config.";

    static List<DocumentedOptions> tables() throws IOException {
        var tables = new ArrayList<DocumentedOptions>();
        tables.add(table("sql.md", "io.flinkpeft.sql.FlinkPeftOptions"));
        tables.add(table("configuration.md", "io.flinkpeft.job.JobOptions"));
        for (String name :
                List.of(
                        "Training",
                        "Order",
                        "Lora",
                        "AdaLora",
                        "Ia3",
                        "Selective",
                        "Prompt",
                        "Bottleneck")) {
            tables.add(table("configuration.md", CONFIG + name + "Options"));
        }
        return tables;
    }

    @Test
    void everyOptionOfTheTrainerHasATable() throws IOException {
        var documented =
                tables().stream()
                        .filter(table -> table.className().startsWith(CONFIG))
                        .flatMap(table -> table.defaults().keySet().stream())
                        .toList();
        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(
                        TrainingConfiguration.options().stream().map(ConfigOption::key).toList());
    }

    private static DocumentedOptions table(String document, String className) throws IOException {
        return DocumentedOptions.of(DOCS.resolve(document)).stream()
                .filter(table -> table.className().equals(className))
                .findFirst()
                .orElseThrow(() -> new AssertionError(document + " must have " + className));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyOptionIsDocumentedAndNoOther(DocumentedOptions table) throws Exception {
        assertThat(table.defaults().keySet())
                .containsExactlyInAnyOrderElementsOf(options(table).keySet());
    }

    @ParameterizedTest
    @MethodSource("tables")
    void defaultsAreThoseOfTheCode(DocumentedOptions table) throws Exception {
        for (var option : options(table).values()) {
            String documented = table.defaults().get(option.key());
            assertThat(DocumentedOptions.isDefault(documented, option))
                    .as("default of %s (%s)", option, documented)
                    .isTrue();
        }
    }

    @Test
    void theOptionsOfKafkaVersionsAreDocumented() throws IOException {
        var factory = new KafkaVersionSourceFactory();
        var keys = new ArrayList<>(factory.requiredOptions());
        keys.addAll(factory.optionalOptions());

        assertThat(Files.readString(DOCS.resolve("sql.md")))
                .contains(keys.stream().map(key -> "| `versions." + key + "` |").toList());
    }

    /** The public options of the table's class, by key. */
    @SuppressWarnings("unchecked") // a value is only compared
    private static Map<String, ConfigOption<Object>> options(DocumentedOptions table)
            throws ReflectiveOperationException {
        var options = new TreeMap<String, ConfigOption<Object>>();
        for (var field : Class.forName(table.className()).getFields()) {
            if (field.getType().equals(ConfigOption.class)) {
                var option = (ConfigOption<Object>) field.get(null);
                options.put(option.key(), option);
            }
        }
        return options;
    }
}
