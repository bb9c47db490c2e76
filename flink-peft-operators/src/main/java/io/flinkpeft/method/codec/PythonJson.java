package io.flinkpeft.method.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** JSON byte for byte as Python's {@code json.dumps(value, indent=2, sort_keys=True)}. */
public final class PythonJson {

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                    .build();

    private PythonJson() {}

    /** Writes a tree of maps, lists, strings, numbers, booleans and nulls. */
    public static String write(Map<String, ?> value) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            var indenter = new DefaultIndenter("  ", "\n");
            json.setPrettyPrinter(
                    new DefaultPrettyPrinter(
                                    Separators.createDefaultInstance()
                                            .withObjectFieldValueSpacing(Spacing.AFTER)
                                            .withObjectEmptySeparator("")
                                            .withArrayEmptySeparator(""))
                            .withObjectIndenter(indenter)
                            .withArrayIndenter(indenter));
            write(json, value);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            var sorted = new TreeMap<String, Object>();
            map.forEach((key, element) -> sorted.put((String) key, element));
            for (var entry : sorted.entrySet()) {
                json.writeFieldName(entry.getKey());
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof Double number) {
            json.writeNumber(python(number));
        } else {
            json.writeObject(value);
        }
    }

    /** A float as Python prints it. */
    static String python(double number) {
        var decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (number == 0 || (exponent >= -4 && exponent < 16)) {
            String plain = decimal.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String digits = decimal.unscaledValue().abs().toString();
        String mantissa =
                (number < 0 ? "-" : "")
                        + digits.charAt(0)
                        + (digits.length() == 1 ? "" : "." + digits.substring(1));
        return String.format(
                Locale.ROOT, "%se%s%02d", mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
