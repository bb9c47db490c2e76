package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.method.targets.PeftDefaults;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The product's default targets against those of PEFT, which {@code generate_defaults.py} wrote.
 */
class PeftDefaultsTest {

    private static final JsonNode PEFT =
            TinyModels.json(TinyModels.golden().resolve("defaults.json"));

    @Test
    void targetsArePefts() {
        for (Map.Entry<String, JsonNode> method : PEFT.get("target_modules").properties()) {
            check(method.getValue(), type -> PeftDefaults.targets(method.getKey(), type));
        }
    }

    @Test
    void feedForwardLayersArePefts() {
        check(PEFT.get("feedforward_modules"), PeftDefaults::feedForward);
    }

    /** All models that can be loaded have PEFT's, and no others are listed. */
    private static void check(JsonNode peft, Function<String, List<String>> defaults) {
        Set<String> types = new TreeSet<>(Architectures.modelTypes());
        peft.fieldNames().forEachRemaining(types::add);
        for (String type : types) {
            if (Architectures.modelTypes().contains(type) && peft.has(type)) {
                assertThat(defaults.apply(type)).as(type).isEqualTo(texts(peft.get(type)));
            } else {
                assertThatThrownBy(() -> defaults.apply(type))
                        .as(type)
                        .hasMessageContaining(
                                "must be given for model_type ("
                                        + type
                                        + "), which has no default.");
            }
        }
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }
}
