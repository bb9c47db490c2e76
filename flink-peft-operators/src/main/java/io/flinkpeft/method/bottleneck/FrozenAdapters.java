package io.flinkpeft.method.bottleneck;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.method.codec.JsonValues;
import java.nio.file.Path;
import java.util.List;

/** A list of frozen adapters in a file: directories, or objects. */
public final class FrozenAdapters {

    private FrozenAdapters() {}

    public static List<FrozenAdapter> read(JsonValues values, String key) {
        JsonNode list = values.value(key);
        if (list.isTextual() || list.isArray() && !list.isEmpty() && list.get(0).isTextual()) {
            return values.texts(key).stream().map(Path::of).map(FrozenAdapter::of).toList();
        }
        return values.objects(key).stream().map(FrozenAdapter::read).toList();
    }
}
