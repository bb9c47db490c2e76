package io.flinkpeft.example.benchmark;

import java.util.List;
import java.util.Optional;

/**
 * A batch that is measured.
 *
 * @param rows texts of a batch
 * @param tokens tokens of each text, all of one length; empty takes real texts of their own lengths
 */
record Shape(int rows, Optional<Integer> tokens) {

    /** The shapes of the table in the documents. */
    static final List<Shape> TABLE =
            List.of(
                    new Shape(1, Optional.of(32)),
                    new Shape(8, Optional.of(128)),
                    new Shape(32, Optional.of(32)),
                    new Shape(32, Optional.of(128)),
                    new Shape(32, Optional.empty()));

    @Override
    public String toString() {
        return rows + "x" + tokens.map(String::valueOf).orElse("glosses");
    }
}
