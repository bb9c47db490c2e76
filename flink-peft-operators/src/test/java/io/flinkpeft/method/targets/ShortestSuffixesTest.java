package io.flinkpeft.method.targets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShortestSuffixesTest {

    @Test
    void manyNamesAreSaidInFewerWordsThatMeanNoOther() {
        var modules = new ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            for (String name :
                    List.of("query", "key", "value", "intermediate.dense", "out.dense")) {
                modules.add("layer." + i + "." + name);
            }
        }
        assertThat(ShortestSuffixes.of(modules, List.of()))
                .containsExactlyInAnyOrder("query", "key", "value", "dense");
        assertThat(ShortestSuffixes.of(modules, List.of("pooler.dense")))
                .containsExactlyInAnyOrder(
                        "query", "key", "value", "intermediate.dense", "out.dense");
    }
}
