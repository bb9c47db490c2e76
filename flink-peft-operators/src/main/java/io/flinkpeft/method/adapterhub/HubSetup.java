package io.flinkpeft.method.adapterhub;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.method.bottleneck.AdapterName;
import io.flinkpeft.method.bottleneck.HubFiles;
import io.flinkpeft.method.bottleneck.HubModel;
import io.flinkpeft.method.codec.AdapterFiles;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.PythonJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * AdapterHub's {@code adapter_setup.json}: how the adapters in the directories beside it are
 * composed.
 *
 * @param type {@code Stack} or {@code Fuse}
 * @param names of the adapters, in order
 */
record HubSetup(String type, List<String> names) {

    static final String STACK = "Stack";
    static final String FUSE = "Fuse";

    private static final String SINGLE = "single";

    HubSetup {
        names = List.copyOf(names);
        names.forEach(AdapterName::check);
    }

    static HubSetup read(Path directory) throws IOException {
        JsonValues values = JsonValues.parse(AdapterFiles.text(directory.resolve(HubFiles.SETUP)));
        JsonNode setup = values.value("adapter_setup");
        String type = setup.path("type").asText("");
        if (!type.equals(STACK) && !type.equals(FUSE)) {
            throw new IllegalArgumentException(
                    "adapter_setup (" + type + ") must be a Stack or a Fuse of adapters.");
        }
        var names = new ArrayList<String>();
        for (JsonNode child : setup.path("children")) {
            boolean single = child.path("type").asText("").equals(SINGLE);
            JsonNode name = single ? child.path("children").path(0) : child;
            if (!name.isTextual()) {
                throw new IllegalArgumentException(
                        "adapter_setup (" + setup + ") must hold adapters only, no compositions.");
            }
            names.add(name.asText());
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("adapter_setup must hold an adapter.");
        }
        return new HubSetup(type, names);
    }

    String write() {
        var setup = new TreeMap<String, Object>();
        setup.put(
                "children",
                names.stream()
                        .map(name -> Map.of("type", SINGLE, "children", List.of(name)))
                        .toList());
        setup.put("type", type);
        var json = new TreeMap<String, Object>();
        json.put("adapter_setup", setup);
        json.put("head_setup", null);
        json.put("version", HubModel.VERSION);
        return PythonJson.write(json);
    }

    /** The directory of a fusion's own tensors. */
    String joined() {
        return String.join(",", names);
    }
}
