package io.flinkpeft.method.prompt;

import io.flinkpeft.method.FullNames;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.codec.FileTensors;
import io.flinkpeft.method.codec.PeftConfigCodec;

/** The codec of a method whose files hold {@code prompt_embeddings} under no prefix. */
public interface PromptCodec extends PeftConfigCodec {

    @Override
    default FileTensors tensors(PeftConfig config) {
        return new FileTensors() {
            @Override
            public String fileName(String tensor, FullNames names) {
                return tensor;
            }

            /** One {@code model.} less than other methods have. */
            @Override
            public String headPrefix() {
                return "base_model.";
            }
        };
    }
}
