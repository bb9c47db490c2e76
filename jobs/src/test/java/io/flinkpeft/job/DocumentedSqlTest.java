package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.testing.CodeBlocks;
import java.io.IOException;
import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SQL of the documents can be planned, with its options, columns and functions. */
class DocumentedSqlTest {

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/sql.md"})
    void theStatementsCanBePlanned(String document) throws IOException {
        var sql = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        List<String> statements = CodeBlocks.sql(document);

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
}
