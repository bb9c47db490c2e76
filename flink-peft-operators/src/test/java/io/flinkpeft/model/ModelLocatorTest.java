package io.flinkpeft.model;

import static io.flinkpeft.model.ModelDirectories.TINY_BERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModelLocatorTest {

    @Test
    void aDirectoryIsItself() throws Exception {
        assertThat(ModelLocator.locate(TINY_BERT.toString())).isEqualTo(TINY_BERT);
    }

    @Test
    void anythingElseIsRefused() {
        for (String model : new String[] {"", "bert-base-uncased", "a\0b"}) {
            assertThatThrownBy(() -> ModelLocator.locate(model))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "Model ("
                                    + model
                                    + ") must be a directory, or the name of a model on the class"
                                    + " path: all-MiniLM-L6-v2.");
        }
    }

    @Test
    void theCacheIsInTheUsersCacheDirectory() {
        Path cache = ModelLocator.cacheDirectory();
        assertThat(cache.isAbsolute()).isTrue();
        assertThat(cache.getFileName()).hasToString("flink-peft");
    }
}
