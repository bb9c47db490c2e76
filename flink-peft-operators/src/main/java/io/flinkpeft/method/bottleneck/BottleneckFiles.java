package io.flinkpeft.method.bottleneck;

import io.flinkpeft.method.codec.AdapterFiles;
import io.flinkpeft.method.codec.JsonValues;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The files of a bottleneck adapter in a directory: AdapterHub's, or those of an adapter that was
 * trained here.
 *
 * @param tensors the file with its tensors
 * @param config its settings
 */
record BottleneckFiles(Path tensors, BottleneckConfig config) {

    private static final String TRAINED_HERE = "adapter_model.safetensors";

    static BottleneckFiles in(Path directory) throws IOException {
        String text = AdapterFiles.text(directory.resolve(HubFiles.CONFIG));
        try {
            JsonValues values = JsonValues.parse(text);
            if (HubJson.describes(values)) {
                Path tensors = HubFiles.tensors(directory);
                return new BottleneckFiles(absolute(tensors), HubJson.read(values, tensors));
            }
            if (!values.text("peft_type", "").equals(BottleneckConfig.PEFT_TYPE)) {
                throw new IllegalArgumentException(
                        HubFiles.CONFIG
                                + ": peft_type ("
                                + values.text("peft_type", "null")
                                + ") must be "
                                + BottleneckConfig.PEFT_TYPE
                                + " for a frozen adapter.");
            }
            var config = (BottleneckConfig) new BottleneckJson().read(values);
            return new BottleneckFiles(absolute(directory.resolve(TRAINED_HERE)), config);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Adapter " + directory + ": " + e.getMessage(), e);
        }
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
