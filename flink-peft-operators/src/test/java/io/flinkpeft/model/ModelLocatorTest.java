package io.flinkpeft.model;

import static io.flinkpeft.model.ModelDirectories.TINY_BERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                                    + ") must be a directory, or all-MiniLM-L6-v2 with its jar on the class"
                                    + " path. Maybe get it with hf download NAME --local-dir"
                                    + " DIRECTORY.");
        }
    }

    @Test
    void theCacheIsInTheUsersCacheDirectoryUnlessOneIsNamed() throws Exception {
        var xdg = Map.of("XDG_CACHE_HOME", "/xdg");
        var named = Map.of("XDG_CACHE_HOME", "/xdg", ModelLocator.CACHE_VARIABLE, "/named");
        assertThat(ModelLocator.cacheDirectory(null, Map.of()))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "flink-peft"));
        assertThat(ModelLocator.cacheDirectory(null, xdg)).isEqualTo(Path.of("/xdg/flink-peft"));
        assertThat(ModelLocator.cacheDirectory(null, named)).isEqualTo(Path.of("/named"));
        assertThat(ModelLocator.cacheDirectory("/mine", named)).isEqualTo(Path.of("/mine"));
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        System.setProperty(ModelLocator.CACHE_PROPERTY, file.resolve("cache").toString());
        try {
            assertThatThrownBy(() -> ModelLocator.locate(ModelLocator.MINI_LM))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "Model (all-MiniLM-L6-v2) cannot be imported into " + file)
                    .hasMessageEndingWith(
                            "Maybe set FLINK_PEFT_CACHE_DIR to a directory that can be written"
                                    + " to.");
        } finally {
            System.clearProperty(ModelLocator.CACHE_PROPERTY);
        }
    }
}
