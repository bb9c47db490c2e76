package io.flinkpeft.model;

import io.flinkpeft.method.Site;
import java.util.List;

/**
 * What the engine must know of a model family besides its kernel text.
 *
 * <p>The names are those of Hugging Face's bare model, such as {@code
 * encoder.layer.0.output.dense}.
 */
interface Architecture {

    /** {@code model_type} in config.json. */
    String modelType();

    /** Its program text, such as {@code bert}. */
    String kernel();

    /** The prefix of its tensors in a checkpoint with a head, such as {@code bert.}. */
    String prefix();

    /** The tensors in the order in which the kernel reads them. */
    List<String> tensors(BertConfig config);

    /** The embedding layers, which are no linear layers. */
    List<String> embeddings();

    /** Whether a tensor is the weight of a frozen linear layer, which may be kept in bf16. */
    boolean linearWeight(String tensor);

    /** The linear layers in the order in which the kernel numbers them. */
    List<Site> sites(BertConfig config);
}
