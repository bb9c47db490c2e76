package io.flinkpeft.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterSettingsCodec;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
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
        byte[] settings = Files.readAllBytes(folder.resolve("settings.bin"));
        assertThat(AdapterSettingsCodec.fromBytes(settings)).isEqualTo(settings(settings[0]));
    }

    /** Format 1 did not say from where steps are counted: from 0. */
    private static AdapterSettings settings(int format) {
        var now = StateFiles.SETTINGS;
        return format > 1
                ? now
                : new AdapterSettings(
                        now.paused(),
                        now.learningRate(),
                        now.headLearningRate(),
                        now.method(),
                        now.firstStep(),
                        0);
    }

    @Test
    void settingsOfEachFormatAreThere() throws Exception {
        var formats = new TreeSet<Integer>();
        for (Path folder : releases()) {
            formats.add((int) Files.readAllBytes(folder.resolve("settings.bin"))[0]);
        }
        assertThat(formats).containsExactly(1, AdapterSettingsCodec.VERSION);
    }

    @Test
    void eventsKeepTheirRecordsSince02() throws Exception {
        var since = releases().stream().filter(folder -> !folder.endsWith("0.1.0")).toList();
        assertThat(since).isNotEmpty();
        for (Path folder : since) {
            byte[] queue = Files.readAllBytes(folder.resolve("queue-with-records.bin"));
            assertThat(TrainingQueueCodec.fromBytes(queue))
                    .isEqualTo(StateFiles.QUEUE_WITH_RECORDS);
        }
    }
}
