package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.testing.ChangedModel;
import io.flinkpeft.testing.TinyModels;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What transformers computes otherwise, or not at all, is refused when a model is opened. */
class RefusedConfigurationsTest {

    @TempDir Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '^',
            textBlock =
                    """
                    gpt2; 'num_attention_heads': 2; num_attention_heads (2) must be as n_head (4)
                    gpt2; 'max_position_embeddings': 8; max_position_embeddings (8) must be as n_pos
                    t5; 'num_hidden_layers': 1; num_hidden_layers (1) must be as num_layers (2)
                    t5; 'head_dim': 8; head_dim (8) must be as d_kv (4)
                    bart; 'num_hidden_layers': 1; num_hidden_layers (1) must be as encoder_layers (2)
                    bart; 'num_attention_heads': 2; (2) must be as encoder_attention_heads (4)
                    bart; 'normalize_before': true; normalize_before (true) must be false
                    bert; 'per_layer_config': {}; per_layer_config must be absent
                    bert; 'position_embedding_type': 'relative_key_query'; must be absolute
                    roberta; 'is_decoder': true; is_decoder (true) must be false
                    roberta; 'problem_type': 'rank'; problem_type (rank) must be one of
                    deberta-v2; 'pooler_hidden_act': 'tanh'; pooler_hidden_act (tanh) must be gelu
                    deberta-v2; 'conv_kernel_size': 3; conv_kernel_size (3) must be 0
                    deberta-v2; 'relative_attention': false; relative_attention (false) must be
                    llama; 'partial_rotary_factor': 0.5; partial_rotary_factor (0.5) must be 1
                    llama; 'rope_scaling': {'type': 'dynamic', 'factor': 2}; rope_type (dynamic)
                    llama; 'rope_parameters': {'rope_type': 'yarn', 'factor': 2}; rope_type (yarn)
                    llama; 'layer_types': ['sliding_attention']; must be full_attention
                    qwen2; 'use_sliding_window': true; use_sliding_window (true) must be false
                    qwen3; 'quantization_config': {}; quantization_config must be absent
                    """)
    void isRefused(String model, String config, String message) throws Exception {
        String change = "{'model': '" + model + "', 'config': {" + config + "}}";
        Path path = ChangedModel.write(TinyModels.parse(change.replace('\'', '"')), directory);

        assertThatThrownBy(() -> ModelDirectory.open(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Model " + path + ": ")
                .hasMessageContaining(message);
    }
}
