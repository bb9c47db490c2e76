package io.flinkpeft.method.file;

import io.flinkpeft.method.codec.JsonValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/**
 * What an adapter's files say of the base that it was trained on. PEFT's files have its name, ours
 * the SHA-256 of its tensors too.
 *
 * @param name a path, or a name on the Hugging Face hub; may be empty
 * @param sha256 hex; may be empty
 */
public record RecordedBase(String name, String sha256) {

    private static final String HASH = "base_sha256";

    /** What a file says in its settings and beside its tensors. */
    public static RecordedBase of(String name, Map<String, String> metadata) {
        return new RecordedBase(name, metadata.getOrDefault(HASH, ""));
    }

    /**
     * What the files of a directory say, whatever the method.
     *
     * @throws IllegalArgumentException if a file is missing or broken
     * @throws IOException if reading fails
     */
    public static RecordedBase read(Path directory) throws IOException {
        var files = PeftDirectory.readFiles(directory);
        String name = JsonValues.parse(files.config()).text("base_model_name_or_path", "");
        return of(name, files.metadata());
    }

    /** What a file says beside its tensors. */
    Map<String, String> metadata() {
        return sha256.isEmpty() ? Map.of() : Map.of(HASH, sha256);
    }

    /**
     * What a user should know before the adapter is used with a model; usually nothing. The hash
     * decides if there is one. Names of different places are the same if they end alike.
     *
     * @param model its directory
     * @param hash of its tensors; called only if needed
     */
    public Optional<String> note(Path adapter, Path model, Supplier<String> hash) {
        if (!sha256.isEmpty()) {
            String own = hash.get();
            return own.equals(sha256)
                    ? Optional.empty()
                    : Optional.of(
                            "Adapter %s was trained on base %s of %s, model %s has %s. Maybe it is"
                                            .formatted(adapter, sha256, name, model, own)
                                    + " for another base model.");
        }
        return name.isEmpty() || stands(last(name), model.toAbsolutePath())
                ? Optional.empty()
                : Optional.of(
                        "Adapter %s names base model %s, the model is %s. Maybe it is for another"
                                        .formatted(adapter, name, model)
                                + " base model.");
    }

    /** Whether a path has this part; the hub's cache has {@code models--OWNER--NAME}. */
    private static boolean stands(String last, Path model) {
        return StreamSupport.stream(model.normalize().spliterator(), false)
                .map(Path::toString)
                .anyMatch(part -> part.equals(last) || part.endsWith("--" + last));
    }

    private static String last(String name) {
        String path = name.replace('\\', '/').replaceAll("/+$", "");
        path = path.replaceAll("/snapshots/[0-9a-f]{40}$", "").replaceAll("--", "/");
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
