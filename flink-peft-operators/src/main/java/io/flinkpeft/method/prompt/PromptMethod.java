package io.flinkpeft.method.prompt;

import io.flinkpeft.method.PeftConfig;
import java.util.List;

/** A method whose files hold {@code prompt_embeddings} under no prefix, as PEFT writes them. */
public interface PromptMethod extends PeftConfig {

    @Override
    default List<String> modulesToSave() {
        return taskType().heads();
    }
}
