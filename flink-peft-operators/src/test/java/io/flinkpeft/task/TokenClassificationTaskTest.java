package io.flinkpeft.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.ExampleContent;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenClassificationTaskTest {

    private static final TokenClassificationTask TASK = new TokenClassificationTask();

    @Test
    void anExampleNeedsALabelForEachWord() {
        assertThat(TASK.refusal(ExampleContent.labelled("Snow in Rome", "O O"), List.of()))
                .contains("Label (O O) has 2 words, must have one for each of the text's 3.");
        assertThat(TASK.refusal(ExampleContent.labelled(" Snow in\tRome", "O O PLACE"), List.of()))
                .isEmpty();
        assertThat(TASK.refusal(ExampleContent.labelled("Snow in Rome", null), List.of()))
                .isEmpty();
    }
}
