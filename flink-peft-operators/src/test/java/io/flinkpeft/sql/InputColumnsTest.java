package io.flinkpeft.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.task.Request;
import java.util.Arrays;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputColumnsTest {

    @Test
    void columnsAreFoundByNameInAnyOrder() {
        assertThat(of("text_pair", "text", "adapter")).isEqualTo(new InputColumns(2, 1, 0));
        assertThat(of("text")).isEqualTo(new InputColumns(-1, 0, -1));
        assertThat(of("text", "text_pair")).isEqualTo(new InputColumns(-1, 0, 1));
    }

    @Test
    void otherNamesGoByPosition() {
        assertThat(of("body")).isEqualTo(new InputColumns(-1, 0, -1));
        assertThat(of("tenant", "body")).isEqualTo(new InputColumns(0, 1, -1));
        assertThat(of("tenant", "premise", "claim")).isEqualTo(new InputColumns(0, 1, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "body adapter, 1, 0, -1",
        "adapter body, 0, 1, -1",
        "body ADAPTER, 1, 0, -1",
        "Adapter Text, 0, 1, -1",
        "TEXT_PAIR body, -1, 1, 0",
        "body text_pair, -1, 0, 1",
        "tenant body text_pair, 0, 1, 2",
        "text_pair tenant body, 1, 2, 0",
        "premise adapter claim, 1, 0, 2",
        "premise claim adapter, 2, 0, 1",
        "text_pair adapter body, 1, 2, 0"
    })
    void namesComeBeforePositions(String names, int adapter, int text, int textPair) {
        assertThat(of(names.split(" "))).isEqualTo(new InputColumns(adapter, text, textPair));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adapter",
                "text_pair",
                "adapter text_pair",
                "adapter a b c",
                "text_pair a b c",
                "a b c d",
                "text Text"
            })
    void columnsWithoutATextOrWithTooManyAreRefused(String names) {
        assertThatThrownBy(() -> of(names.split(" "))).isInstanceOf(ValidationException.class);
    }

    @Test
    void whatIsNeitherIsRefused() {
        assertThatThrownBy(() -> of("tenant", "text"))
                .isInstanceOf(ValidationException.class)
                .hasMessage("Input column (tenant) must be one of [adapter, text, text_pair].");
        assertThatThrownBy(() -> of("a", "b", "c", "d"))
                .hasMessage(
                        "Input columns [a, b, c, d] must be adapter, text and text_pair, of which"
                                + " only text is needed.");
    }

    @Test
    void aColumnThatIsNoStringIsRefused() {
        assertThatThrownBy(() -> InputColumns.of(schema(DataTypes.INT(), "adapter", "text")))
                .hasMessage("Input column adapter (INT) must be STRING.");
    }

    @Test
    void aRowAsksWithItsOwnAdapterAndNullsStayNull() {
        assertThat(of("adapter", "text", "text_pair").request(row("u1", "one", null), null))
                .isEqualTo(new Request<>("u1", "one", null));
        assertThat(of("text", "text_pair").request(row("one", "two"), "all"))
                .isEqualTo(new Request<>("all", "one", "two"));
        assertThat(of("adapter", "text").request(row(null, "one"), null))
                .isEqualTo(new Request<>(null, "one", null));
        assertThat(of("adapter", "text").request(row("u1", null), null)).isNull();
    }

    private static InputColumns of(String... names) {
        return InputColumns.of(schema(DataTypes.STRING(), names));
    }

    private static ResolvedSchema schema(DataType type, String... names) {
        return ResolvedSchema.of(
                Arrays.stream(names).map(name -> (Column) Column.physical(name, type)).toList());
    }

    private static GenericRowData row(String... values) {
        return GenericRowData.of(
                Arrays.stream(values).map(StringData::fromString).toArray(Object[]::new));
    }
}
