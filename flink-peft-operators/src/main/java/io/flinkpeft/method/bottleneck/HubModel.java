package io.flinkpeft.method.bottleneck;

import java.util.Map;
import java.util.TreeMap;

/**
 * What AdapterHub's files say of the base model.
 *
 * @param type such as {@code bert}
 * @param name where it is found
 * @param className of transformers, such as {@code BertForSequenceClassification}
 * @param hiddenSize features of a token
 * @param prefix of its tensors in a checkpoint with a head, such as {@code bert.}
 */
public record HubModel(String type, String name, String className, int hiddenSize, String prefix) {

    /** The release of AdapterHub's library whose files these are. */
    public static final String VERSION = "adapters.1.2.0";

    /** The keys that all its files have. */
    public Map<String, Object> json(String name, Map<String, Object> config) {
        var json = new TreeMap<String, Object>();
        json.put("config", config);
        json.put("hidden_size", hiddenSize);
        json.put("model_class", className);
        json.put("model_name", this.name);
        json.put("model_type", type);
        json.put("name", name);
        json.put("version", VERSION);
        return json;
    }
}
