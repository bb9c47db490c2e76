package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.TorchDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseModelsTest {

    @TempDir private Path dir;

    @Test
    void aCopyIsSharedUnlessItIsRunAnotherWay() throws IOException {
        Path copy = ModelDirectories.copyOfTinyBert(dir);
        try (BaseModels.Lease lease = lease(ModelDirectories.TINY_BERT);
                BaseModels.Lease other = lease(copy)) {
            assertThat(other.model()).isSameAs(lease.model());
        }
        ModelDirectories.edit(copy.resolve("config.json"), c -> c.put("hidden_act", "relu"));
        try (BaseModels.Lease lease = lease(ModelDirectories.TINY_BERT);
                BaseModels.Lease other = lease(copy)) {
            assertThat(other.model().hash()).isEqualTo(lease.model().hash());
            assertThat(other.model()).isNotSameAs(lease.model());
        }
    }

    @Test
    void aCopyWithAnotherPromptIsNotShared() throws IOException {
        Path copy = ModelDirectories.copyOfTinyBert(dir);
        Files.writeString(
                copy.resolve("config_sentence_transformers.json"),
                "{\"prompts\": {\"q\": \"query: \"}, \"default_prompt_name\": \"q\"}");
        try (BaseModels.Lease lease = lease(ModelDirectories.TINY_BERT);
                BaseModels.Lease other = lease(copy)) {
            assertThat(lease.model().directory().embeddingPrompt()).isEmpty();
            assertThat(other.model().directory().embeddingPrompt()).isEqualTo("query: ");
        }
    }

    private static BaseModels.Lease lease(Path path) throws IOException {
        return BaseModels.acquire(ModelDirectory.open(path), TorchDevice.CPU, FrozenDtype.FP32);
    }
}
