package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.PublicationPolicy;
import io.flinkpeft.flink.config.PublicationPolicy.Decision;
import io.flinkpeft.flink.config.PublicationPolicy.Occasion;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies of publication in the operator; a batch has 4 examples, and each makes a step. */
class PublicationPolicyTest {

    private static TrainerHarness start(Backend backend, PublicationPolicy policy)
            throws Exception {
        var settings = ToySettings.DEFAULT.with(Batching.DEFAULT.withSize(4)).with(policy);
        return TrainerHarness.start(backend, settings, ToyTrainer::new);
    }

    private static List<Example> examples(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Example.labelled("a", "text " + i, "noun"))
                .toList();
    }

    private static List<String> names(TrainerHarness harness) {
        return harness.versions().getOrDefault("a", List.of()).stream()
                .map(version -> version.substring(0, version.indexOf(' ')))
                .toList();
    }

    @Test
    void whatIsHeldIsNotCutAndTheAdapterGoesOn() throws Exception {
        try (var harness = start(Backend.HEAP, PublicationPolicyTest::fromStepThree)) {
            harness.process(examples(0, 16)).endInput();
            assertThat(harness.predictions().get("a")).hasSize(16);
            assertThat(names(harness)).containsExactly("a@3", "a@4");
        }
    }

    private static Decision fromStepThree(PublicationPolicy.Candidate candidate) {
        if (!candidate.isNew()) {
            return Decision.NOT_DUE;
        }
        return candidate.step() < 3 ? Decision.HOLD : Decision.CUT;
    }

    @Test
    void atTheEndItIsAskedOnceMore() throws Exception {
        PublicationPolicy last =
                c -> c.occasion() == Occasion.END ? Decision.CUT : Decision.NOT_DUE;
        try (var harness = start(Backend.HEAP, last)) {
            harness.process(examples(0, 16)).endInput();
            assertThat(names(harness)).containsExactly("a@4");
        }
    }

    /** A version when 8 examples were learnt that no version has. */
    private static Decision everyEightExamples(PublicationPolicy.Candidate candidate) {
        return candidate.isNew() && candidate.examplesSince() >= 8
                ? Decision.CUT
                : Decision.NOT_DUE;
    }

    @ParameterizedTest
    @EnumSource
    void whatItKnowsOfTheNewestVersionSurvivesARestart(Backend backend) throws Exception {
        PublicationPolicy policy = PublicationPolicyTest::everyEightExamples;
        var settings = ToySettings.DEFAULT.with(Batching.DEFAULT.withSize(4)).with(policy);
        try (var whole = start(backend, policy);
                var first = start(backend, policy)) {
            whole.process(examples(0, 40)).endInput();
            assertThat(names(whole)).containsExactly("a@2", "a@4", "a@6", "a@8", "a@10");
            first.processAndFinish(examples(0, 12)); // a step after the version of step 2
            var state = first.snapshot();
            try (var second = TrainerHarness.restore(backend, settings, ToyTrainer::new, state)) {
                second.process(examples(12, 40)).endInput();
                assertThat(names(second)).isEqualTo(names(whole).subList(1, 5));
            }
        }
    }
}
