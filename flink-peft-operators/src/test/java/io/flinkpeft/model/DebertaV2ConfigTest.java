package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.testing.TinyModels;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DebertaV2ConfigTest {

    @Test
    void readsWhatTransformersWrites() {
        var config = (DebertaV2Config) TinyModels.gridModel("deberta-v2").config();
        assertThat(config.span()).isEqualTo(8);
        assertThat(config.maxDistance()).isEqualTo(64);
        assertThat(config.normalised()).isTrue();
        assertThat(config.shared()).isTrue();
        assertThat(config.positions()).isFalse();
    }

    @Test
    void kindsOfAttentionMayStandInOneText() {
        DebertaV2Config config = DebertaV2Config.of(json(j -> j.put("pos_att_type", "P2C | c2p")));
        assertThat(config.contentToPosition()).isTrue();
        assertThat(config.positionToContent()).isTrue();
        assertThat(DebertaV2Config.of(json(j -> {})).contentToPosition()).isFalse();
    }

    @Test
    void withoutBucketsEachDistanceIsToldApart() {
        DebertaV2Config config = DebertaV2Config.of(json(j -> j.put("max_relative_positions", 20)));
        assertThat(config.buckets()).isZero();
        assertThat(config.span()).isEqualTo(20);
        assertThat(config.positions()).isTrue();
    }

    @Test
    void featuresThatItLacksAreRefused() {
        assertThatThrownBy(() -> DebertaV2Config.of(json(j -> j.put("relative_attention", false))))
                .hasMessage("relative_attention (false) must be true.");
        assertThatThrownBy(() -> DebertaV2Config.of(json(j -> j.put("conv_kernel_size", 3))))
                .hasMessage("conv_kernel_size (3) must be 0.");
        assertThatThrownBy(() -> DebertaV2Config.of(json(j -> j.put("embedding_size", 8))))
                .hasMessage("embedding_size (8) must be 16.");
        assertThatThrownBy(() -> DebertaV2Config.of(json(j -> j.put("pooler_hidden_act", "tanh"))))
                .hasMessage("pooler_hidden_act (tanh) must be gelu.");
        assertThatThrownBy(() -> DebertaV2Config.of(json(j -> j.put("pos_att_type", "p2p"))))
                .hasMessage("pos_att_type [p2p] must have c2p and p2c only.");
        assertThatThrownBy(() -> DebertaV2Config.of(json(j -> j.put("position_buckets", 1))))
                .hasMessageStartingWith("position_buckets (1) must be at least 2");
    }

    private static ObjectNode json(Consumer<ObjectNode> change) {
        ObjectNode json =
                JsonFiles.JSON
                        .createObjectNode()
                        .put("relative_attention", true)
                        .put("hidden_size", 16)
                        .put("num_hidden_layers", 2)
                        .put("num_attention_heads", 4)
                        .put("intermediate_size", 32)
                        .put("vocab_size", 100)
                        .put("max_position_embeddings", 64);
        change.accept(json);
        return json;
    }
}
