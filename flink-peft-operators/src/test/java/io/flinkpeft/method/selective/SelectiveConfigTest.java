package io.flinkpeft.method.selective;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SelectiveConfigTest {

    @Test
    void filesHaveTheNamesThatTransformersGives() {
        var full = new FullConfig();

        assertThat(full.fileName("layers.0.mlp.up_proj.weight", "model."))
                .isEqualTo("model.layers.0.mlp.up_proj.weight");
        assertThat(full.fileName("lm_head.weight", "model.")).isEqualTo("lm_head.weight");
    }
}
