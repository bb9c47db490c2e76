package io.flinkpeft.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;

/** Results that are no numbers: how they are written, and how many lines have them. */
final class NotFinite {

    private long lines;

    void addLine() {
        lines++;
    }

    /** Says how many lines there were, if there were any. */
    void print(PrintWriter err) {
        if (lines > 0) {
            String have = lines == 1 ? "1 line has" : lines + " lines have";
            err.println(
                    have
                            + " no finite result, so null. Maybe the values of the adapter or of"
                            + " the model are too large.");
        }
    }

    /** Writes null for what JSON has no number for. */
    static void write(double value, JsonGenerator json) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    /** Writes a value in the digits of its precision, or null. */
    static void write(float value, JsonGenerator json) throws IOException {
        if (Float.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }
}
