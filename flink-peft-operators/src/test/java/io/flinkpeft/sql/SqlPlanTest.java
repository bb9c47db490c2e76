package io.flinkpeft.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What planning accepts and refuses; nothing runs here, and no model is there to be loaded. */
class SqlPlanTest {

    private static final String INPUT = "adapter STRING, text STRING";
    private static final String OUTPUT =
            "label STRING, score DOUBLE, served STRING, version BIGINT,"
                    + " scores MAP<STRING, DOUBLE>";
    private static final String OPTIONS = "'versions' = 'memory', 'versions.topic' = 'plan'";

    private final TableEnvironment sql =
            TableEnvironment.create(EnvironmentSettings.inStreamingMode());

    SqlPlanTest() {
        sql.executeSql(
                "CREATE TEMPORARY VIEW tickets AS SELECT * FROM (VALUES ('u1', 'a text'))"
                        + " AS v(tenant, body)");
    }

    @Test
    void explainNeedsNoModelAndShowsNoSecret() {
        create(
                INPUT,
                OUTPUT,
                OPTIONS + ", 'versions.properties.sasl.jaas.config' = 'password=hunter2'");

        for (String async : new String[] {"true", "false"}) {
            assertThat(explain("MAP['async', '" + async + "']"))
                    .contains("MLPredictTableFunction")
                    .doesNotContain("hunter2");
        }
    }

    @Test
    void anOptionThatIsNotKnownIsNamed() {
        create(INPUT, OUTPUT, OPTIONS + ", 'batchsize' = '3'");
        assertRefused("batchsize");
    }

    @Test
    void anOptionThatDoesNothingIsLoggedAndNotRefused() {
        var lines = new CopyOnWriteArrayList<String>();
        var appender =
                new AbstractAppender("planned", null, null, true, Property.EMPTY_ARRAY) {
                    @Override
                    public void append(LogEvent event) {
                        lines.add(event.getMessage().getFormattedMessage());
                    }
                };
        appender.start();
        var context = (LoggerContext) LogManager.getContext(false);
        context.getRootLogger().addAppender(appender);
        Configurator.setLevel("io.flinkpeft.sql", Level.WARN);
        try {
            create(INPUT, OUTPUT, OPTIONS + ", 'max-new-tokens' = '9'");
            explain("MAP['async', 'true']");
            sql.executeSql(
                    "LOAD MODULE `flink-peft` WITH ('model' = 'm', 'versions' = 'none',"
                            + " 'fallback' = 'base', 'adapter' = 'u1', 'max-new-tokens' = '9')");
            sql.executeSql(
                    "CREATE MODEL alone INPUT (text STRING) OUTPUT (label STRING) WITH ('provider' ="
                            + " 'flink-peft', 'model' = 'm', 'versions' = 'none', 'fallback' ="
                            + " 'base')");
            sql.explainSql(
                    "SELECT * FROM ML_PREDICT(TABLE tickets, MODEL alone, DESCRIPTOR(body),"
                            + " MAP['adapter', 'u2'])");
        } finally {
            context.reconfigure();
        }
        assertThat(lines)
                .contains(
                        "ML_PREDICT: adapter (u2) does nothing while versions is none.",
                        "`default_catalog`.`default_database`.`m`: max-new-tokens (9) does nothing"
                                + " while task is classify.",
                        "Module flink-peft: adapter (u1) does nothing while versions is none.")
                .noneMatch(line -> line.startsWith("Module") && line.contains("max-new-tokens"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batch.size | 0 | batch.size (0) must be at least 1.",
                "batch.size | 134217728 | batch.size (134217728) must be at most 1000000.",
                "batch.delay | -1 ms | batch.delay",
                "bootstrap.timeout | 0 s | bootstrap.timeout (PT0S) must be at least 1 ms.",
                "max-tokens | 3 | max-tokens (3) must be at least 4.",
                "adapters.memory | 0 b | adapters.memory (0 bytes) must be more than 0.",
                "fallback | maybe | fallback",
                "versions.topik | x | versions (memory) does not know [versions.topik]",
                "adapter | u1 | adapter (u1) must not be set if the input has a column",
            })
    void anOptionOutOfRangeIsNamedWithItsValue(String key, String value, String message) {
        create(INPUT, OUTPUT, OPTIONS + ", '" + key + "' = '" + value + "'");
        assertRefused(message);
    }

    @Test
    void requiredOptionsAreNamed() {
        create(INPUT, OUTPUT, "'versions' = 'memory'");
        assertRefused("versions (memory) must have [versions.topic].");
    }

    @Test
    void aKindOfVersionsThatIsNotThereIsNamed() {
        create(INPUT, OUTPUT, "'versions' = 'pulsar'");
        assertRefused("versions (pulsar) must be one of [directory, memory, none].");
    }

    @Test
    void withoutVersionsOnlyTheBaseCanPredict() {
        create(INPUT, OUTPUT, "'versions' = 'none'");
        assertRefused("fallback (ERROR) must be base if versions is none.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "label INT | Output column label (INT) must be STRING.",
                "score FLOAT | Output column score (FLOAT) must be DOUBLE.",
                "version INT | Output column version (INT) must be BIGINT.",
                "label STRING NOT NULL | Output column label (STRING NOT NULL) must be STRING.",
                "scores MAP<STRING, FLOAT> | must be MAP<STRING, DOUBLE>.",
                "class STRING | Output column (class) must be one of [label, score, scores,",
            })
    void outputColumnsAreCheckedByNameAndType(String output, String message) {
        create(INPUT, output, OPTIONS);
        assertRefused(message);
    }

    @Test
    void aModelWithoutAnAdapterColumnNeedsTheOption() {
        create("text STRING", OUTPUT, OPTIONS);
        String message = "adapter (null) must be set, as the model's input has no column for it.";
        assertThatThrownBy(() -> sql.explainSql(predictBody("MAP['async', 'false']")))
                .satisfies(e -> assertCause(e, message));

        assertThat(sql.explainSql(predictBody("MAP['adapter', 'u1']")))
                .contains("MLPredictTableFunction");
    }

    @Test
    void aQuerysOwnConfigurationIsCheckedToo() {
        create(INPUT, OUTPUT, OPTIONS);

        assertThat(explain("MAP['fallback', 'null', 'batch.size', '8']")).contains("MLPredict");
        assertThatThrownBy(() -> explain("MAP['fallbak', 'null']"))
                .satisfies(e -> assertCause(e, "Option (fallbak) of ML_PREDICT must be one of"));
        assertThatThrownBy(() -> explain("MAP['batch.size', '0']"))
                .satisfies(e -> assertCause(e, "batch.size (0) must be at least 1."));
        assertThatThrownBy(() -> explain("MAP['adapter', 'u1']"))
                .satisfies(e -> assertCause(e, "adapter (u1) must not be set"));
    }

    @Test
    void aRowMustNotWaitForItsBatchAsLongAsFlinkWaitsForIt() {
        create(INPUT, OUTPUT, OPTIONS + ", 'batch.delay' = '7 d'");

        assertRefused("batch.delay (PT168H) must be less than timeout (PT3M) of ML_PREDICT");
        assertThat(explain("MAP['async', 'true', 'timeout', '8 d']")).contains("MLPredict");
        assertThat(explain("MAP['async', 'false']")).contains("MLPredict");
        assertThatThrownBy(() -> explain("MAP['timeout', '2 s', 'batch.delay', '2 s']"))
                .satisfies(e -> assertCause(e, "batch.delay (PT2S) must be less than timeout"));
        sql.getConfig().set("table.exec.async-ml-predict.timeout", "1 s");
        assertThatThrownBy(() -> explain("MAP['async', 'true', 'batch.delay', '1 s']"))
                .satisfies(e -> assertCause(e, "must be less than timeout (PT1S)"));
        assertThat(explain("MAP['async', 'true', 'batch.delay', '900 ms']")).contains("MLPredict");
    }

    @Test
    void theModuleIsExplainedWithoutAModelAndRefusesWhatItDoesNotKnow() {
        sql.executeSql("LOAD MODULE `flink-peft` WITH ('model' = '/no/model', " + OPTIONS + ")");
        assertThat(sql.explainSql("SELECT peft_classify(tenant, body) FROM tickets"))
                .contains("peft_classify(");
        assertThat(sql.listFunctions()).contains("peft_classify");
        sql.executeSql("UNLOAD MODULE `flink-peft`");

        assertThatThrownBy(
                        () ->
                                sql.executeSql(
                                        "LOAD MODULE `flink-peft` WITH ('model' = '/no/model',"
                                                + " 'versions' = 'memory')"))
                .satisfies(e -> assertCause(e, "versions (memory) must have [versions.topic]."));
    }

    private void create(String input, String output, String options) {
        sql.executeSql(
                "CREATE MODEL m INPUT (%s) OUTPUT (%s) WITH ('provider' = 'flink-peft', 'model' = '/no/model', %s)"
                        .formatted(input, output, options));
    }

    private String explain(String configuration) {
        return sql.explainSql(
                "SELECT * FROM ML_PREDICT(TABLE tickets, MODEL m, DESCRIPTOR(tenant, body), "
                        + configuration
                        + ")");
    }

    private static String predictBody(String configuration) {
        return "SELECT * FROM ML_PREDICT(TABLE tickets, MODEL m, DESCRIPTOR(body), "
                + configuration
                + ")";
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> explain("MAP['async', 'true']"))
                .satisfies(e -> assertCause(e, message));
    }

    private static void assertCause(Throwable thrown, String message) {
        assertThat(ExceptionUtils.stringifyException(thrown)).contains(message);
    }
}
