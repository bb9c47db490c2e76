package io.flinkpeft.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every release must read the state of those before it. */
class OldStateTest {

    static List<Path> releases() throws IOException, URISyntaxException {
        try (Stream<Path> folders =
                Files.list(Path.of(OldStateTest.class.getResource("/state").toURI()))) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    @Test
    void thereAreReleases() throws Exception {
        assertThat(releases()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void stateOfAReleaseIsRead(Path folder) throws IOException {
        assertThat(TrainingQueueCodec.fromBytes(Files.readAllBytes(folder.resolve("queue.bin"))))
                .isEqualTo(StateFiles.QUEUE);
        var replay = Files.readAllBytes(folder.resolve("replay.bin"));
        assertThat(ReplayReservoirCodec.fromBytes(replay)).isEqualTo(StateFiles.REPLAY);
    }
}
