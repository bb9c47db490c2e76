package io.flinkpeft.predict;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class VersionKindsTest {

    @Test
    void aKindTakesItsOptionsAndAllBelowAWildcard() {
        assertThatCode(
                        () -> {
                            check("none", Map.of());
                            check("directory", Map.of("path", "/p", "adapter", "u1"));
                            check("memory", Map.of("topic", "t", "properties.a.b", "c"));
                        })
                .doesNotThrowAnyException();
    }

    @Test
    void anUnknownKindIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> check("pulsar", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "versions (pulsar) must be one of [directory, memory, none]."
                                + " Maybe the connector's jar is missing on the class path.");
    }

    @Test
    void aMissingOptionIsNamed() {
        assertThatThrownBy(() -> check("directory", Map.of()))
                .hasMessage("versions (directory) must have [versions.path].");
    }

    @Test
    void anUnknownOptionIsNamedWithoutItsValue() {
        assertThatThrownBy(() -> check("memory", Map.of("topic", "t", "pasword", "hunter2")))
                .hasMessage(
                        "versions (memory) does not know [versions.pasword], it takes"
                                + " [versions.properties.*, versions.topic].");
    }

    private static void check(String kind, Map<String, String> options) {
        VersionKinds.check(
                new VersionsConfig(kind, options), VersionKindsTest.class.getClassLoader());
    }
}
