package io.flinkpeft.example.quickstart;

import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** Predicts every gloss in SQL, with the version of the adapter that is the newest by then. */
final class PredictionQuery {

    private static final String GLOSSES =
            """
            CREATE TABLE glosses (
              adapter STRING,
              text STRING,
              `position` BIGINT METADATA FROM 'offset' VIRTUAL
            ) WITH (
              'connector' = 'kafka',
              'topic' = '${glosses}',
              'properties.bootstrap.servers' = '${servers}',
              'scan.startup.mode' = 'earliest-offset',
              'scan.bounded.mode' = 'specific-offsets',
              'scan.bounded.specific-offsets' = 'partition:0,offset:${examples}',
              'format' = 'json')
            """;

    private static final String LEXICON =
            """
            CREATE MODEL lexicon
              INPUT (adapter STRING, text STRING)
              OUTPUT (label STRING, version BIGINT)
            WITH (
              'provider' = 'flink-peft',
              'model' = '${model}',
              'device' = 'cpu',
              'dtype' = '${dtype}',
              'max-tokens' = '${max-tokens}',
              'fallback' = 'null',
              'versions' = 'kafka',
              'versions.bootstrap.servers' = '${servers}',
              'versions.topic' = '${adapters}')
            """;

    private static final String PREDICTIONS =
            """
            CREATE TABLE predictions (
              learner STRING,
              `position` BIGINT,
              label STRING,
              version BIGINT
            ) WITH (
              'connector' = 'kafka',
              'topic' = '${predictions}',
              'properties.bootstrap.servers' = '${servers}',
              'properties.linger.ms' = '${linger}',
              'format' = 'json')
            """;

    private static final String PREDICT =
            """
            INSERT INTO predictions
            SELECT 'SQL', `position`, label, version
            FROM ML_PREDICT(
              TABLE glosses, MODEL lexicon, DESCRIPTOR(adapter, text),
              MAP['async', 'true', 'max-concurrent-operations', '64'])
            """;

    private PredictionQuery() {}

    /** Starts the query, which ends by itself after so many examples. */
    static JobClient start(StreamExecutionEnvironment env, Settings settings, String servers) {
        env.setParallelism(1);
        var sql = StreamTableEnvironment.create(env);
        sql.getConfig().set("pipeline.name", "Predict glosses");
        Map<String, String> values =
                Map.ofEntries(
                        Map.entry("glosses", Topics.GLOSSES),
                        Map.entry("adapters", Topics.ADAPTERS),
                        Map.entry("predictions", Topics.PREDICTIONS),
                        Map.entry("servers", servers),
                        Map.entry("linger", Topics.LINGER_MILLIS),
                        Map.entry("examples", Integer.toString(settings.examples())),
                        Map.entry("model", settings.model()),
                        Map.entry("dtype", settings.dtype()),
                        Map.entry("max-tokens", Integer.toString(settings.maxTokens())));
        sql.executeSql(filled(GLOSSES, values));
        sql.executeSql(filled(LEXICON, values));
        sql.executeSql(filled(PREDICTIONS, values));
        return sql.executeSql(PREDICT).getJobClient().orElseThrow();
    }

    private static String filled(String text, Map<String, String> values) {
        String filled = text;
        for (var value : values.entrySet()) {
            filled = filled.replace("${" + value.getKey() + "}", value.getValue());
        }
        return filled;
    }
}
