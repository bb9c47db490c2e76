package io.flinkpeft.sql;

import io.flinkpeft.predict.Query;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalTypeFamily;

/**
 * Where a model's input has what is predicted: by name if a column is called {@code text}, else by
 * position: the text; or the adapter and the text; or the adapter, the text and its pair.
 *
 * @param adapter the position of the adapter's id, or -1
 * @param text the position of the text
 * @param textPair the position of the second text, or -1
 */
record InputColumns(int adapter, int text, int textPair) implements Serializable {

    private static final String ADAPTER = "adapter";
    private static final String TEXT = "text";
    private static final String TEXT_PAIR = "text_pair";

    static InputColumns of(ResolvedSchema schema) {
        List<String> names = schema.getColumnNames();
        for (var column : schema.getColumns()) {
            var type = column.getDataType().getLogicalType();
            if (!type.is(LogicalTypeFamily.CHARACTER_STRING)) {
                throw new ValidationException(
                        "Input column "
                                + column.getName()
                                + " ("
                                + type.asSummaryString()
                                + ") must be STRING.");
            }
        }
        return names.contains(TEXT) ? byName(names) : byPosition(names);
    }

    private static InputColumns byName(List<String> names) {
        var known = List.of(ADAPTER, TEXT, TEXT_PAIR);
        for (String name : names) {
            if (!known.contains(name)) {
                throw new ValidationException(
                        "Input column (" + name + ") must be one of " + known + ".");
            }
        }
        return new InputColumns(
                names.indexOf(ADAPTER), names.indexOf(TEXT), names.indexOf(TEXT_PAIR));
    }

    private static InputColumns byPosition(List<String> names) {
        return switch (names.size()) {
            case 1 -> new InputColumns(-1, 0, -1);
            case 2 -> new InputColumns(0, 1, -1);
            case 3 -> new InputColumns(0, 1, 2);
            default ->
                    throw new ValidationException(
                            "Input columns "
                                    + names
                                    + " must be adapter, text and text_pair, of which only text is"
                                    + " needed.");
        };
    }

    boolean hasAdapter() {
        return adapter >= 0;
    }

    /** What a row asks for; null if its text is null. */
    Query query(RowData row, String defaultAdapter) {
        if (row.isNullAt(text)) {
            return null;
        }
        return new Query(
                hasAdapter() ? string(row, adapter) : defaultAdapter,
                string(row, text),
                textPair < 0 ? null : string(row, textPair));
    }

    private static String string(RowData row, int column) {
        return row.isNullAt(column) ? null : row.getString(column).toString();
    }
}
