package io.flinkpeft.model;

import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.FrozenTensors;
import io.flinkpeft.method.codec.AdapterFiles;
import io.flinkpeft.method.codec.PeftAdapter;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads tensors that a method keeps beside the base's own. */
final class FrozenFile {

    private FrozenFile() {}

    /**
     * The tensors, in the order in which they are asked for.
     *
     * @param prefix of the base's modules, which the names of a file may have or lack
     * @throws IllegalArgumentException if the file is missing or another one, lacks a tensor, or
     *     has one that does not fit
     */
    static List<TensorView> read(FrozenTensors frozen, String prefix) {
        Map<String, TensorView> found = new LinkedHashMap<>();
        Map<String, List<Long>> expected = new LinkedHashMap<>();
        Map<String, TensorView> all = tensors(frozen);
        for (TensorLayout.Slot slot : frozen.tensors().slots()) {
            expected.put(slot.name(), slot.shape().stream().map(Integer::longValue).toList());
            names(slot.name(), prefix)
                    .filter(all::containsKey)
                    .findFirst()
                    .ifPresent(name -> found.put(slot.name(), all.get(name).named(slot.name())));
        }
        try {
            PeftAdapter.of(null, "", found.values()).checked(expected);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(frozen.file() + ": " + e.getMessage(), e);
        }
        return List.copyOf(found.values());
    }

    private static Stream<String> names(String name, String prefix) {
        return Stream.of(
                name,
                prefix + name,
                name.startsWith(prefix) ? name.substring(prefix.length()) : name);
    }

    private static Map<String, TensorView> tensors(FrozenTensors frozen) {
        try {
            byte[] bytes = AdapterFiles.bytes(Path.of(frozen.file()));
            String sha256 = Sha256.of(bytes);
            if (!sha256.equals(frozen.sha256())) {
                throw new IllegalArgumentException(
                        "File ("
                                + frozen.file()
                                + ") has SHA-256 "
                                + sha256
                                + ", must have "
                                + frozen.sha256()
                                + ". Maybe the frozen adapter was trained again.");
            }
            return AdapterFiles.tensors(bytes).tensors();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
