package io.flinkpeft.method.selective;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.method.FullNames;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectiveConfigTest {

    @Test
    void filesHaveTheNamesThatTransformersGives() {
        var full = new FullJson().tensors(new FullConfig());
        var names = new FullNames("model.", List.of("lm_head"));

        assertThat(full.fileName("layers.0.mlp.up_proj.weight", names))
                .isEqualTo("model.layers.0.mlp.up_proj.weight");
        assertThat(full.fileName("lm_head.weight", names)).isEqualTo("lm_head.weight");
        assertThat(full.fileName("lm_heads.weight", names)).isEqualTo("model.lm_heads.weight");
    }
}
