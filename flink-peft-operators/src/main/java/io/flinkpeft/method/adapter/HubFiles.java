package io.flinkpeft.method.adapter;

import io.flinkpeft.method.AdapterFiles;
import java.nio.file.Path;

/** The names of the files in AdapterHub's directories. */
final class HubFiles {

    static final String CONFIG = "adapter_config.json";
    static final String TENSORS = "adapter.safetensors";
    static final String HEAD_CONFIG = "head_config.json";
    static final String HEAD_TENSORS = "model_head.safetensors";
    static final String FUSION_CONFIG = "adapter_fusion_config.json";
    static final String FUSION_TENSORS = "model_adapter_fusion.safetensors";
    static final String SETUP = "adapter_setup.json";

    private static final String LIBRARY = "AdapterHub's adapters and use_safetensors=True";

    private HubFiles() {}

    static Path tensors(Path directory) {
        return AdapterFiles.unpickled(directory, TENSORS, "pytorch_adapter.bin", LIBRARY);
    }

    static Path headTensors(Path directory) {
        return AdapterFiles.unpickled(directory, HEAD_TENSORS, "pytorch_model_head.bin", LIBRARY);
    }

    static Path fusionTensors(Path directory) {
        return AdapterFiles.unpickled(
                directory, FUSION_TENSORS, "pytorch_model_adapter_fusion.bin", LIBRARY);
    }
}
