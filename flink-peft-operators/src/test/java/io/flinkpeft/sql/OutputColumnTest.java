package io.flinkpeft.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.predict.Answer;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Labels;
import io.flinkpeft.task.Numbers;
import java.util.List;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.junit.jupiter.api.Test;

class OutputColumnTest {

    private static final List<OutputColumn> ALL = OutputColumn.of("classify");

    @Test
    void anAnswerGivesItsLabelVersionAndProbabilities() {
        var labels = List.of("a", "b");
        var logits = new float[] {1000f, 1000f + (float) Math.log(3)};
        var classification = new Label("b", 0.75, labels, logits);
        RowData row = OutputColumn.rows(ALL).apply(new Answer(classification, "u1", 7L));

        assertThat(row.getString(0)).hasToString("b");
        assertThat(row.getDouble(1)).isEqualTo(0.75);
        assertThat(row.getString(3)).hasToString("u1");
        assertThat(row.getLong(4)).isEqualTo(7);
        var scores = row.getMap(2);
        assertThat(scores.size()).isEqualTo(2);
        assertThat((Double) score(row, "a")).isCloseTo(0.25, within(1e-4)); // logits are floats
        assertThat((Double) score(row, "b")).isCloseTo(0.75, within(1e-4));
    }

    @Test
    void anAdapterWithoutLabelsServesButHasNoLabelAndNoScore() {
        var nothing = new Label(null, 0, List.of(), new float[0]);
        RowData row = OutputColumn.rows(ALL).apply(new Answer(nothing, "u1", 0L));

        assertThat(row.isNullAt(0)).isTrue();
        assertThat(row.isNullAt(1)).isTrue();
        assertThat(row.getString(3)).hasToString("u1");
        assertThat(row.getMap(2).size()).isZero();
    }

    @Test
    void numbersHaveColumnsOfTheirOwn() {
        var columns = OutputColumn.of("regress");
        assertThat(columns)
                .extracting(OutputColumn::name)
                .containsExactly("value", "values", "served", "version", "truncated");
        var numbers = new Numbers(List.of("stars", "warmth"), new float[] {1.5f, -2}, true);
        RowData row = OutputColumn.rows(columns).apply(new Answer(numbers, "u1", 7L));

        assertThat(row.getDouble(0)).isEqualTo(1.5);
        assertThat(((GenericMapData) row.getMap(1)).get(StringData.fromString("warmth")))
                .isEqualTo(-2.0);
        assertThat(row.getBoolean(4)).isTrue();
    }

    @Test
    void severalLabelsAreAList() {
        var labels = new Labels(List.of("a", "b", "c"), new float[] {1, -1, 2}, false);
        var columns = OutputColumn.of("multi-label");
        RowData row = OutputColumn.rows(columns).apply(new Answer(labels, "u1", 7L));

        assertThat(columns.get(0).name()).isEqualTo("labels");
        assertThat(row.getArray(0).size()).isEqualTo(2);
        assertThat(row.getArray(0).getString(1)).hasToString("c");
    }

    @Test
    void nothingPredictedGivesNulls() {
        RowData row = OutputColumn.rows(ALL).apply(Answer.NONE);

        for (int i = 0; i < ALL.size(); i++) {
            assertThat(row.isNullAt(i)).isTrue();
        }
    }

    private static Object score(RowData row, String label) {
        var scores = (GenericMapData) row.getMap(2);
        return scores.get(StringData.fromString(label));
    }
}
