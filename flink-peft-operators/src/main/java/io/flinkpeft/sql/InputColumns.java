package io.flinkpeft.sql;

import io.flinkpeft.task.Request;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalTypeFamily;

/**
 * Where a model's input has what is predicted. Columns called {@code adapter}, {@code text} and
 * {@code text_pair} are these, wherever they stand. If none is called {@code text}, the others are,
 * by position, what is missing: the text; or the adapter and the text; or the adapter, the text and
 * its pair.
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
        return of(names);
    }

    private static InputColumns of(List<String> names) {
        int adapter = place(names, ADAPTER);
        int text = place(names, TEXT);
        int textPair = place(names, TEXT_PAIR);
        Deque<Integer> others = new ArrayDeque<>();
        for (int i = 0; i < names.size(); i++) {
            if (i != adapter && i != text && i != textPair) {
                others.add(i);
            }
        }
        if (text >= 0 && !others.isEmpty()) {
            throw new ValidationException(
                    "Input column ("
                            + names.get(others.peek())
                            + ") must be one of "
                            + List.of(ADAPTER, TEXT, TEXT_PAIR)
                            + ".");
        }
        if (text < 0) { // by place is what no name says
            adapter = adapter < 0 && others.size() > 1 ? others.remove() : adapter;
            text = others.isEmpty() ? -1 : others.remove();
            textPair = textPair < 0 && !others.isEmpty() ? others.remove() : textPair;
        }
        if (text < 0 || !others.isEmpty()) {
            throw new ValidationException(
                    "Input columns "
                            + names
                            + " must be adapter, text and text_pair, of which only text is"
                            + " needed.");
        }
        return new InputColumns(adapter, text, textPair);
    }

    private static int place(List<String> names, String known) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(known)) {
                return i;
            }
        }
        return -1;
    }

    boolean hasAdapter() {
        return adapter >= 0;
    }

    /** What a row asks for; null if its text is null. */
    Request<String> request(RowData row, String defaultAdapter) {
        if (row.isNullAt(text)) {
            return null;
        }
        return new Request<>(
                hasAdapter() ? string(row, adapter) : defaultAdapter,
                string(row, text),
                textPair < 0 ? null : string(row, textPair));
    }

    private static String string(RowData row, int column) {
        return row.isNullAt(column) ? null : row.getString(column).toString();
    }
}
