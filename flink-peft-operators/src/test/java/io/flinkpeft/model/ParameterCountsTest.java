package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.FullNames;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.bottleneck.Placement;
import io.flinkpeft.method.fusion.FusionConfig;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.selective.BitFitConfig;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How many values methods train on models of the papers; from their sizes, without a weight. */
class ParameterCountsTest {

    private static final Architecture BERT_BASE = bert(12, 768);
    private static final Architecture BERT_LARGE = bert(24, 1024);
    private static final Architecture GPT2_MEDIUM =
            of("{'model_type': 'gpt2', 'n_layer': 24, 'n_embd': 1024, 'n_head': 16}");

    /** GPT-3 175B's attention, with its projections apart as in the paper. */
    private static final Architecture GPT3 =
            of(
                    "{'model_type': 'llama', 'num_hidden_layers': 96, 'hidden_size': 12288,"
                            + " 'num_attention_heads': 96, 'intermediate_size': 49152,"
                            + " 'vocab_size': 50257}");

    private static final BottleneckConfig PFEIFFER = BottleneckConfig.of(Placement.PFEIFFER);

    private static Architecture bert(int layers, int width) {
        return of(
                ("{'model_type': 'bert', 'num_hidden_layers': %d, 'hidden_size': %d,"
                                + " 'num_attention_heads': 16, 'intermediate_size': %d,"
                                + " 'vocab_size': 30522, 'max_position_embeddings': 512}")
                        .formatted(layers, width, 4 * width));
    }

    private static Architecture of(String json) {
        return Architectures.of(TinyModels.parse(json.replace('\'', '"')));
    }

    static Stream<Arguments> counts() {
        LoraConfig lora = new LoraConfig(2, 2);
        return Stream.of(
                // Hu et al., 2021, table 4: 4.7 M and 37.7 M; table 3 prints 0.35 M for 0.39 M
                Arguments.of(GPT3, lora.withTargets(TargetModules.named("v_proj")), 4_718_592),
                Arguments.of(
                        GPT3,
                        new LoraConfig(8, 8).withTargets(TargetModules.named("q_proj", "v_proj")),
                        37_748_736),
                Arguments.of(GPT2_MEDIUM, new LoraConfig(4, 4), 393_216),
                // AdapterHub's presets on BERT-base
                Arguments.of(BERT_BASE, PFEIFFER, 894_528),
                Arguments.of(BERT_BASE, PFEIFFER.withInvertible(2), 1_190_592),
                Arguments.of(BERT_BASE, BottleneckConfig.of(Placement.HOULSBY), 1_789_056),
                Arguments.of(BERT_BASE, BottleneckConfig.of(Placement.PARALLEL), 7_091_712),
                // Pfeiffer et al., AdapterFusion, 2020: 3 d d + 2 d a layer, 21 M
                Arguments.of(
                        BERT_BASE, FusionConfig.of(List.of(frozen("a"), frozen("b"))), 21_252_096),
                // Li and Liang, 2021: 2 L v d
                Arguments.of(GPT2_MEDIUM, new PrefixTuningConfig(10), 491_520),
                // Lester et al., 2021: v d
                Arguments.of(GPT2_MEDIUM, new PromptTuningConfig(100), 102_400),
                Arguments.of(BERT_LARGE, new BitFitConfig(), 271_360));
    }

    private static FrozenAdapter frozen(String name) {
        return new FrozenAdapter("no-file", "no-hash", PFEIFFER.withName(name));
    }

    @ParameterizedTest
    @MethodSource("counts")
    void aMethodTrainsAsManyValuesAsItsPaperSays(
            Architecture model, PeftConfig method, int values) {
        assertThat(trained(model, method)).isEqualTo(values);
    }

    @Test
    void houlsbyTrainsTwoPercentOfBertLarge() {
        // section 3.2: size 64 trains 2.1 % of BERT-large, norms included, which stay frozen here
        double share = trained(BERT_LARGE, BottleneckConfig.of(Placement.HOULSBY));
        assertThat(100 * share / layers(BERT_LARGE)).isCloseTo(2.1, within(0.05));
    }

    @Test
    void bitFitTrainsLessThanATenthOfAPercentOfBertLarge() {
        // Ben Zaken et al., 2021, table 1: 0.08 %, the embeddings included
        double all = layers(BERT_LARGE) + 1024 * (30522 + 512 + 2);
        assertThat(100 * trained(BERT_LARGE, new BitFitConfig()) / all)
                .isCloseTo(0.08, within(0.005));
    }

    private static int trained(Architecture model, PeftConfig method) {
        var attached =
                new AttachedModel(
                        model.config().modelType(),
                        FullNames.BARE,
                        List.of(),
                        TaskType.FEATURE_EXTRACTION,
                        tensors(model),
                        model.shape(),
                        model.sublayers(),
                        model.takesPrefixes());
        TensorLayout tensors = method.attach(sites(model), attached).tensors();
        return tensors.size();
    }

    private static List<TargetLayer> sites(Architecture model) {
        return model.modules().sites().stream()
                .filter(site -> !site.module().startsWith("pooler."))
                .toList();
    }

    /**
     * What the kernel reads, but for the pooler; the values of the layers' weights do not count.
     */
    private static List<BaseTensor> tensors(Architecture model) {
        return model.modules().tensors().stream()
                .map(name -> new BaseTensor(trains(model, name) ? name : "", shape(model, name)))
                .toList();
    }

    private static boolean trains(Architecture model, String name) {
        return !name.startsWith("pooler.") && !model.modules().isBuffer(name);
    }

    private static List<Integer> shape(Architecture model, String name) {
        String module = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        int out =
                sites(model).stream()
                        .filter(site -> site.module().equals(module))
                        .map(TargetLayer::out)
                        .findFirst()
                        .orElse(model.config().hiddenSize());
        return List.of(out);
    }

    /** The values of the linear layers. */
    private static double layers(Architecture model) {
        return sites(model).stream().mapToDouble(site -> (site.in() + 1.0) * site.out()).sum();
    }
}
