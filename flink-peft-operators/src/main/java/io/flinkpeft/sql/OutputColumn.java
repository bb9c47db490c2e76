package io.flinkpeft.sql;

import io.flinkpeft.predict.Answer;
import io.flinkpeft.task.AnswerColumn;
import io.flinkpeft.task.AnswerColumn.Type;
import io.flinkpeft.task.Purpose;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/**
 * A column that a model can have in its output: those of its task's predictions, and those of every
 * task. They are chosen by name, in any order, and are null where nothing was predicted.
 *
 * @param task what is predicted, a word of {@link io.flinkpeft.task.Tasks#verbs}
 * @param name of the column
 */
record OutputColumn(String task, String name) implements Serializable {

    private interface Value extends Function<Answer, Object> {}

    /** A column's type, and its value in Flink's own form. */
    private record Output(DataType type, Value value) {}

    /** The adapter that served; null if none did. */
    private static final String SERVED = "served";

    /** The step of the version that served; null if none did. */
    private static final String VERSION = "version";

    /** Whether the text or its continuation was cut; null if nothing was predicted. */
    private static final String TRUNCATED = "truncated";

    static List<OutputColumn> of(ResolvedSchema schema, String task) {
        return schema.getColumns().stream().map(column -> of(column, task)).toList();
    }

    /** The columns that a task can have. */
    static List<OutputColumn> of(String task) {
        var columns = new ArrayList<OutputColumn>();
        for (AnswerColumn column : Purpose.of(task).columns()) {
            columns.add(new OutputColumn(task, column.name()));
        }
        for (String name : List.of(SERVED, VERSION, TRUNCATED)) {
            columns.add(new OutputColumn(task, name));
        }
        return columns;
    }

    private static OutputColumn of(Column column, String task) {
        for (OutputColumn output : of(task)) {
            if (output.name.equals(column.getName())) {
                output.checkType(column.getDataType());
                return output;
            }
        }
        throw new ValidationException(
                "Output column ("
                        + column.getName()
                        + ") must be one of "
                        + of(task).stream().map(OutputColumn::name).toList()
                        + " for task ("
                        + task
                        + ").");
    }

    private void checkType(DataType actual) {
        DataType type = output().type();
        if (!actual.getLogicalType().equals(type.getLogicalType())) {
            throw new ValidationException(
                    "Output column "
                            + name
                            + " ("
                            + actual.getLogicalType().asSummaryString()
                            + ") must be "
                            + type.getLogicalType().asSummaryString()
                            + ".");
        }
    }

    private Output output() {
        return switch (name) {
            case SERVED ->
                    new Output(DataTypes.STRING(), a -> StringData.fromString(a.adapterId()));
            case VERSION -> new Output(DataTypes.BIGINT(), Answer::step);
            case TRUNCATED ->
                    new Output(
                            DataTypes.BOOLEAN(),
                            a -> a.prediction() == null ? null : a.prediction().truncated());
            default -> ofPrediction();
        };
    }

    private Output ofPrediction() {
        AnswerColumn column =
                Purpose.of(task).columns().stream()
                        .filter(own -> own.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        return new Output(type(column.type()), answer -> value(column, answer));
    }

    private static Object value(AnswerColumn column, Answer answer) {
        Object value =
                answer.prediction() == null ? null : column.value().apply(answer.prediction());
        return value == null ? null : internal(column.type(), value);
    }

    private static DataType type(Type type) {
        return switch (type) {
            case STRING -> DataTypes.STRING();
            case DOUBLE -> DataTypes.DOUBLE();
            case INT -> DataTypes.INT();
            case STRINGS -> DataTypes.ARRAY(DataTypes.STRING());
            case DOUBLES -> DataTypes.ARRAY(DataTypes.DOUBLE());
            case FLOATS -> DataTypes.ARRAY(DataTypes.FLOAT());
            case SCORES -> DataTypes.MAP(DataTypes.STRING(), DataTypes.DOUBLE());
        };
    }

    private static Object internal(Type type, Object value) {
        return switch (type) {
            case STRING -> StringData.fromString((String) value);
            case DOUBLE, INT -> value;
            case STRINGS ->
                    new GenericArrayData(
                            ((List<?>) value)
                                    .stream()
                                            .map(s -> StringData.fromString((String) s))
                                            .toArray());
            case DOUBLES -> new GenericArrayData((double[]) value);
            case FLOATS -> new GenericArrayData((float[]) value);
            case SCORES -> {
                var scores = new HashMap<StringData, Object>();
                ((Map<?, ?>) value)
                        .forEach((k, v) -> scores.put(StringData.fromString((String) k), v));
                yield new GenericMapData(scores);
            }
        };
    }

    /** A row of an answer in these columns. */
    static Function<Answer, RowData> rows(List<OutputColumn> columns) {
        List<Value> values = columns.stream().map(column -> column.output().value()).toList();
        return answer -> {
            var row = new GenericRowData(values.size());
            for (int i = 0; i < values.size(); i++) {
                row.setField(i, values.get(i).apply(answer));
            }
            return row;
        };
    }
}
