package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes numbers as JSON, and null for those that JSON has none for. */
final class FiniteJson {

    private FiniteJson() {}

    static void write(double value, JsonGenerator json) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    static void field(String name, double value, JsonGenerator json) throws IOException {
        json.writeFieldName(name);
        write(value, json);
    }

    /** Each in the digits of its precision. */
    static void array(float[] values, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (float value : values) {
            if (Float.isFinite(value)) {
                json.writeNumber(value);
            } else {
                json.writeNull();
            }
        }
        json.writeEndArray();
    }

    static void field(String name, float[] values, JsonGenerator json) throws IOException {
        json.writeFieldName(name);
        array(values, json);
    }
}
