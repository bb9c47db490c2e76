package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SQL of the documents can be planned, with its options, columns and functions. */
class DocumentedSqlTest {

    private static final Pattern BLOCK = Pattern.compile("(?s)```sql\n(.*?)```");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/sql.md"})
    void theStatementsCanBePlanned(String document) throws IOException {
        var sql = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        List<String> statements = statements(Path.of("..", document));

        assertThat(statements).anyMatch(statement -> statement.startsWith("CREATE MODEL"));
        for (String statement : statements) {
            if (statement.startsWith("SELECT")) {
                assertThat(sql.explainSql(statement))
                        .containsAnyOf("MLPredictTableFunction", "peft_classify");
            } else {
                sql.executeSql(statement);
            }
        }
    }

    private static List<String> statements(Path document) throws IOException {
        return BLOCK.matcher(Files.readString(document))
                .results()
                .flatMap(block -> Stream.of(block.group(1).split(";\\s*\n")))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }
}
