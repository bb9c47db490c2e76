package io.flinkpeft.task;

import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/** What the outputs of texts should be, in the form in which a program's loss takes it. */
public sealed interface Targets {

    /**
     * Numbers of classes, or of tokens.
     *
     * @param values one an output, and what else the loss reads
     */
    record Classes(long[] values) implements Targets {

        @Override
        public <T> T as(Function<long[], T> classes, Function<float[], T> numbers) {
            return classes.apply(values);
        }
    }

    /**
     * Numbers.
     *
     * @param values one an output and label of the head, output by output
     */
    record Numbers(float[] values) implements Targets {

        @Override
        public <T> T as(Function<long[], T> classes, Function<float[], T> numbers) {
            return numbers.apply(values);
        }
    }

    /** One of both, by what it is. */
    <T> T as(Function<long[], T> classes, Function<float[], T> numbers);

    /** The classes of texts; any where none is known. */
    static Classes classes(List<ModelInput> inputs) {
        return new Classes(
                inputs.stream()
                        .flatMapToLong(input -> LongStream.of(input.targets()))
                        .map(target -> Math.max(target, 0))
                        .toArray());
    }

    /** The numbers of texts. */
    static Numbers numbers(List<ModelInput> inputs) {
        float[] values = new float[inputs.stream().mapToInt(input -> input.numbers().length).sum()];
        int from = 0;
        for (ModelInput input : inputs) {
            System.arraycopy(input.numbers(), 0, values, from, input.numbers().length);
            from += input.numbers().length;
        }
        return new Numbers(values);
    }
}
