package io.flinkpeft.sql;

import io.flinkpeft.predict.Answer;
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
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;

/** A column that a model can have in its output; chosen by name, in any order. All are nullable. */
enum OutputColumn {
    /** The most probable label; null if nothing was predicted or the adapter knows no label. */
    LABEL(DataTypes.STRING(), OutputColumn::label),
    /** The label's probability, 0 to 1; null where the label is. */
    SCORE(DataTypes.DOUBLE(), OutputColumn::score),
    /** The adapter that served; null if none did. */
    SERVED(DataTypes.STRING(), answer -> StringData.fromString(answer.adapterId())),
    /** The step of the version that served; null if none did. */
    VERSION(DataTypes.BIGINT(), Answer::step),
    /** The probability of every label; null if nothing was predicted. */
    SCORES(DataTypes.MAP(DataTypes.STRING(), DataTypes.DOUBLE()), OutputColumn::scores);

    private final DataType type;
    private final Function<Answer, Object> value;

    OutputColumn(DataType type, Function<Answer, Object> value) {
        this.type = type;
        this.value = value;
    }

    static List<OutputColumn> of(ResolvedSchema schema) {
        return schema.getColumns().stream().map(OutputColumn::of).toList();
    }

    private static OutputColumn of(Column column) {
        for (OutputColumn output : values()) {
            if (output.columnName().equals(column.getName())) {
                output.checkType(column.getDataType());
                return output;
            }
        }
        throw new ValidationException(
                "Output column ("
                        + column.getName()
                        + ") must be one of "
                        + Arrays.stream(values()).map(OutputColumn::columnName).toList()
                        + ".");
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
