package io.flinkpeft.sql;

import io.flinkpeft.predict.Answer;
import io.flinkpeft.predict.PredictTask;
import io.flinkpeft.train.Classification;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;

/** A column that a model can have in its output; chosen by name, in any order. All are nullable. */
enum OutputColumn {
    /**
     * The most probable label, of texts that are classified; null if nothing was predicted or the
     * adapter knows no label.
     */
    LABEL(PredictTask.CLASSIFY, DataTypes.STRING(), OutputColumn::label),
    /** The label's probability, 0 to 1; null where the label is. */
    SCORE(PredictTask.CLASSIFY, DataTypes.DOUBLE(), OutputColumn::score),
    /** The adapter that served; null if none did. */
    SERVED(null, DataTypes.STRING(), answer -> StringData.fromString(answer.adapterId())),
    /** The step of the version that served; null if none did. */
    VERSION(null, DataTypes.BIGINT(), Answer::step),
    /** The probability of every label; null if nothing was predicted. */
    SCORES(
            PredictTask.CLASSIFY,
            DataTypes.MAP(DataTypes.STRING(), DataTypes.DOUBLE()),
            OutputColumn::scores),
    /** Whether the text was cut at {@code max-tokens}; null if nothing was predicted. */
    TRUNCATED(
            null,
            DataTypes.BOOLEAN(),
            answer -> answer.prediction() == null ? null : answer.prediction().truncated()),
    /** What a language model continues with; null if nothing was predicted. */
    GENERATED(PredictTask.GENERATE, DataTypes.STRING(), OutputColumn::generated),
    /** A vector of length 1; null if nothing was predicted. */
    EMBEDDING(PredictTask.EMBED, DataTypes.ARRAY(DataTypes.FLOAT()), OutputColumn::embedding);

    private final PredictTask task; // null: any

    private final DataType type;
    private final Function<Answer, Object> value;

    OutputColumn(PredictTask task, DataType type, Function<Answer, Object> value) {
        this.task = task;
        this.type = type;
        this.value = value;
    }

    static List<OutputColumn> of(ResolvedSchema schema, PredictTask task) {
        return schema.getColumns().stream().map(column -> of(column, task)).toList();
    }

    /** The columns that a task can have. */
    static List<OutputColumn> of(PredictTask task) {
        return Arrays.stream(values())
                .filter(output -> output.task == null || output.task == task)
                .toList();
    }

    private static OutputColumn of(Column column, PredictTask task) {
        for (OutputColumn output : of(task)) {
            if (output.columnName().equals(column.getName())) {
                output.checkType(column.getDataType());
                return output;
            }
        }
        throw new ValidationException(
                "Output column ("
                        + column.getName()
                        + ") must be one of "
                        + of(task).stream().map(OutputColumn::columnName).toList()
                        + " for task ("
                        + task
                        + ").");
    }

    private void checkType(DataType actual) {
        if (!actual.getLogicalType().equals(type.getLogicalType())) {
            throw new ValidationException(
                    "Output column "
                            + columnName()
                            + " ("
                            + actual.getLogicalType().asSummaryString()
                            + ") must be "
                            + type.getLogicalType().asSummaryString()
                            + ".");
        }
    }

    private String columnName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RowData row(List<OutputColumn> columns, Answer answer) {
        var row = new GenericRowData(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            row.setField(i, columns.get(i).value.apply(answer));
        }
        return row;
    }

    private static Object label(Answer answer) {
        var classification = answer.classification();
        return classification == null ? null : StringData.fromString(classification.label());
    }

    private static Object score(Answer answer) {
        var classification = answer.classification();
        return classification == null || classification.label() == null
                ? null
                : classification.score();
    }

    private static Object generated(Answer answer) {
        var generation = answer.generation();
        return generation == null ? null : StringData.fromString(generation.text());
    }

    private static Object embedding(Answer answer) {
        var embedding = answer.embedding();
        return embedding == null ? null : new GenericArrayData(embedding.values());
    }

    private static Object scores(Answer answer) {
        Classification classification = answer.classification();
        if (classification == null) {
            return null;
        }
        double[] values = classification.scores();
        var scores = new HashMap<StringData, Double>();
        for (int i = 0; i < values.length; i++) {
            scores.put(StringData.fromString(classification.labels().get(i)), values[i]);
        }
        return new GenericMapData(scores);
    }
}
