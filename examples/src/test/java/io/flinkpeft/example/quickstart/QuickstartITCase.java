package io.flinkpeft.example.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.model.ModelLocator;
import io.flinkpeft.train.AdapterDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole loop: broker, training, versions, SQL, report, PEFT directory. */
class QuickstartITCase {

    private static final String TINY_BERT =
            "../flink-peft-operators/src/test/resources/golden/tiny-bert-cls";

    @TempDir private Path output;

    @Test
    @Timeout(600)
    void leavesAReportAndAnAdapter() throws Exception {
        int code = run(300, TINY_BERT);

        assertThat(code).isIn(0, Quickstart.NOT_AHEAD); // so few glosses decide nothing
        checkOutput();
    }

    @Test
    @Tag("nightly")
    void loraBeatsTheHeadAloneAfterEachDriftPoint() throws Exception {
        assertThat(run(20_000, ModelLocator.MINI_LM)).isZero();
        checkOutput();
    }

    private int run(int examples, String model) {
        return Quickstart.execute(
                "--examples",
                Integer.toString(examples),
                "--model",
                model,
                "--output",
                output.toString());
    }

    private void checkOutput() throws Exception {
        assertThat(Files.readString(output.resolve(Quickstart.REPORT)))
                .contains("Nouns of society", "<svg", "Machine", "Processor time")
                .doesNotContain("${", "NaN", "src=", "href=", "http");
        Path adapter = output.resolve(Quickstart.ADAPTER);
        var read = AdapterDirectory.read(adapter);
        assertThat(read.warnings()).isEmpty();
        assertThat(read.adapter().tensors().keySet())
                .allMatch(name -> name.startsWith("base_model.model.encoder.layer."));
        assertThat(read.streamLabels().orElseThrow())
                .hasSize(45)
                .contains("noun.animal", "verb.weather");
        assertThat(read.head().get("head.weight").shape().get(0)).isEqualTo(45L);
    }
}
