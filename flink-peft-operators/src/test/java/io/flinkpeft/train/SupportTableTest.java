package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.file.PeftConfigJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SupportTableTest {

    private static final Path FILE = Path.of("../docs/support.md");

    /** Run with {@code -Dsupport.write=true} it writes the file again. */
    @Test
    void theDocumentSaysWhatTheEngineSupports() throws IOException {
        String markdown = new SupportTable().markdown();
        if (Boolean.getBoolean("support.write")) {
            Files.writeString(FILE, markdown);
        }
        assertThat(Files.readString(FILE))
                .as("docs/support.md; -Dtest=SupportTableTest -Dsupport.write=true writes it again")
                .isEqualTo(markdown);
    }

    @Test
    void everyMethodWithFilesIsInTheTable() {
        // a fusion is made of trained bottleneck adapters: the document says so
        String known =
                Stream.concat(
                                SupportTable.METHODS.values().stream().map(PeftConfig::peftType),
                                Stream.of("ADAPTER_FUSION"))
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", "));
        assertThatThrownBy(() -> PeftConfigJson.read("{\"peft_type\": \"NONE\"}"))
                .hasMessageContaining("[" + known + "]");
    }
}
