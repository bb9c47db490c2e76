package io.flinkpeft.method.bottleneck;

import io.flinkpeft.method.codec.AdapterFiles;
import java.nio.file.Path;

/** The names of the files in AdapterHub's directories. */
public final class HubFiles {

    public static final String CONFIG = "adapter_config.json";
    public static final String TENSORS = "adapter.safetensors";
    public static final String HEAD_CONFIG = "head_config.json";
    public static final String HEAD_TENSORS = "model_head.safetensors";
    public static final String FUSION_CONFIG = "adapter_fusion_config.json";
    public static final String FUSION_TENSORS = "model_adapter_fusion.safetensors";
    public static final String SETUP = "adapter_setup.json";

    private static final String LIBRARY = "AdapterHub's adapters and use_safetensors=True";

    private HubFiles() {}

    public static Path tensors(Path directory) {
        return AdapterFiles.unpickled(directory, TENSORS, "pytorch_adapter.bin", LIBRARY);
    }

    public static Path headTensors(Path directory) {
        return AdapterFiles.unpickled(directory, HEAD_TENSORS, "pytorch_model_head.bin", LIBRARY);
    }

    public static Path fusionTensors(Path directory) {
        return AdapterFiles.unpickled(
                directory, FUSION_TENSORS, "pytorch_model_adapter_fusion.bin", LIBRARY);
    }
}
