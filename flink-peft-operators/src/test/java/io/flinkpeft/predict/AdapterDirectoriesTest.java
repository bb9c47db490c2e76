package io.flinkpeft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterDirectoriesTest {

    @TempDir private Path root;

    @Test
    void everySubdirectoryIsAnAdapter() throws IOException {
        adapter("u1");
        adapter("u2");
        Files.createDirectories(root.resolve(".cache"));

        assertThat(AdapterDirectories.list(root, Optional.empty()))
                .extracting(Origin::name)
                .containsExactly("u1@0", "u2@0");
    }

    @Test
    void theLargestStepOfAnAdapterServes() throws IOException {
        adapter("u1/9");
        adapter("u1/10");

        assertThat(AdapterDirectories.list(root, Optional.empty()))
                .singleElement()
                .matches(new Origin.Directory("u1", 10, root.resolve("u1/10"))::equalTo);
    }

    @Test
    void aSingleAdapterServesUnderTheGivenIdOrItsOwnName() throws IOException {
        Path single = adapter("u1");

        assertThat(AdapterDirectories.list(single, Optional.of("all")))
                .singleElement()
                .matches(new Origin.Directory("all", 0, single)::equalTo);
        assertThat(AdapterDirectories.list(single, Optional.empty()))
                .extracting(Origin::adapterId)
                .containsExactly("u1");
    }

    @Test
    void aDirectoryThatIsNoAdapterIsNamed() throws IOException {
        adapter("u1");
        Files.createDirectories(root.resolve("notes"));

        assertThatThrownBy(() -> AdapterDirectories.list(root, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("notes) must hold adapter_config.json");
    }

    @Test
    void aMissingOrEmptyPathIsNamed() {
        assertThatThrownBy(() -> AdapterDirectories.list(root.resolve("none"), Optional.empty()))
                .hasMessageContaining("none) must be a directory on every TaskManager.");
        assertThatThrownBy(() -> AdapterDirectories.list(root, Optional.empty()))
                .hasMessageContaining("must hold directories with adapter_config.json.");
    }

    private Path adapter(String name) throws IOException {
        Path directory = Files.createDirectories(root.resolve(name));
        Files.writeString(directory.resolve("adapter_config.json"), "{}");
        return directory;
    }
}
