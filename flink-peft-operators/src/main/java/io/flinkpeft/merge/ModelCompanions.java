package io.flinkpeft.merge;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.model.WeightFiles;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a model directory has besides its weights: settings, tokenizer, the index of files. */
final class ModelCompanions {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Weights, in forms that would no longer be right. */
    private static final List<String> WEIGHTS =
            List.of(
                    ".safetensors",
                    ".safetensors.index.json",
                    ".bin",
                    ".bin.index.json",
                    ".pt",
                    ".pth",
                    ".ckpt",
                    ".h5",
                    ".msgpack",
                    ".onnx",
                    ".gguf");

    /** The files of transformers' tokenizers. */
    private static final List<String> TOKENIZER =
            List.of(
                    "added_tokens.json",
                    "bpe.codes",
                    "chat_template.jinja",
                    "chat_template.json",
                    "merges.txt",
                    "sentencepiece.bpe.model",
                    "special_tokens_map.json",
                    "spiece.model",
                    "spm.model",
                    "tokenizer.json",
                    "tokenizer.model",
                    "tokenizer_config.json",
                    "vocab.json",
                    "vocab.txt");

    /** A folder of sentence-transformers, such as {@code 1_Pooling}. */
    private static final String MODULE = "\\d+_\\w+";

    private static final Map<String, String> HEADS =
            Map.of(
                    "SEQ_CLS", "ForSequenceClassification",
                    "TOKEN_CLS", "ForTokenClassification",
                    "QUESTION_ANS", "ForQuestionAnswering");

    private ModelCompanions() {}

    /** Copies what stays and adapts what the merge changes. */
    static void copy(ModelFiles base, MergePlan plan, SavedAdapter adapter, Path output)
            throws IOException {
        boolean ownTokenizer = Files.isRegularFile(adapter.path().resolve("tokenizer.json"));
        try (var files = Files.list(base.path())) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (Files.isDirectory(file) && name.matches(MODULE)) {
                    copyFolder(file, output.resolve(name));
                } else if (Files.isRegularFile(file)
                        && !name.startsWith(".")
                        && WEIGHTS.stream().noneMatch(name::endsWith)
                        && !(ownTokenizer && TOKENIZER.contains(name))) {
                    Files.copy(file, output.resolve(name));
                }
            }
        }
        if (ownTokenizer) {
            copyTokenizer(adapter.path(), output);
        }
        if (base.files().size() > 1) {
            writeIndex(base, plan, output);
        }
        writeConfig(base, plan, adapter, output);
    }

    /** The weights of the base in other forms, a line that names them; usually none. */
    static List<String> leftOut(ModelFiles base) throws IOException {
        try (var files = Files.list(base.path())) {
            List<String> names =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> WEIGHTS.stream().anyMatch(name::endsWith))
                            .filter(name -> !base.files().containsKey(name))
                            .filter(name -> !name.equals(WeightFiles.INDEX) || isSingle(base))
                            .sorted()
                            .toList();
            return names.isEmpty()
                    ? List.of()
                    : List.of(
                            "Model "
                                    + base.path()
                                    + ": "
                                    + String.join(", ", names)
                                    + " left out: the adapter is merged into "
                                    + String.join(", ", base.files().keySet())
                                    + " alone.");
        }
    }

    private static boolean isSingle(ModelFiles base) {
        return base.files().size() == 1;
    }

    /** A tokenizer that was saved with an adapter may have more tokens than the base's. */
    private static void copyTokenizer(Path adapter, Path output) throws IOException {
        for (String name : TOKENIZER) {
            if (Files.isRegularFile(adapter.resolve(name))) {
                Files.copy(adapter.resolve(name), output.resolve(name));
            }
        }
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes unused)
                            throws IOException {
                        Path copy = to.resolve(from.relativize(file).toString());
                        Files.createDirectories(copy.getParent());
                        Files.copy(file, copy);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static void writeIndex(ModelFiles base, MergePlan plan, Path output)
            throws IOException {
        var byName = new TreeMap<String, String>();
        long bytes = 0;
        for (var file : base.files().entrySet()) {
            for (TensorView tensor : file.getValue().tensors().values()) {
                byName.put(plan.outputName(tensor.name()), file.getKey());
                bytes += plan.outputOf(tensor).data().remaining();
            }
        }
        for (TensorView tensor : plan.added().values()) {
            byName.put(tensor.name(), base.files().lastKey());
            bytes += tensor.data().remaining();
        }
        var index = (ObjectNode) JSON.readTree(base.path().resolve(WeightFiles.INDEX).toFile());
        var metadata =
                index.path("metadata").isObject()
                        ? (ObjectNode) index.get("metadata")
                        : index.putObject("metadata");
        metadata.put("total_size", bytes);
        index.set("weight_map", JSON.valueToTree(byName));
        JSON.writerWithDefaultPrettyPrinter()
                .writeValue(output.resolve(WeightFiles.INDEX).toFile(), index);
    }

    /** Another number of labels, and a head that the base lacks, stand in the settings too. */
    private static void writeConfig(
            ModelFiles base, MergePlan plan, SavedAdapter adapter, Path output) throws IOException {
        var config = (ObjectNode) base.config().deepCopy();
        if (plan.unties()) {
            config.put("tie_word_embeddings", false);
        }
        if (config.has("vocab_size")) {
            plan.vocabulary().ifPresent(words -> config.put("vocab_size", (int) words));
        }
        String head = HEADS.get(adapter.task());
        if (head != null) {
            adapter.whole().entrySet().stream()
                    .filter(e -> e.getKey().endsWith(".weight"))
                    .filter(e -> isOutput(e.getKey()))
                    .forEach(e -> setLabels(config, e.getValue().shape().get(0), adapter.labels()));
            String architecture = config.path("architectures").path(0).asText();
            if (!plan.added().isEmpty() && !architecture.isEmpty()) {
                String model = architecture.replaceAll("(For[A-Z]\\w*|LMHeadModel|Model)$", "");
                config.putArray("architectures").add(model + head);
            }
        }
        if (!config.equals(base.config())) {
            JSON.writerWithDefaultPrettyPrinter()
                    .writeValue(output.resolve(ModelFiles.CONFIG).toFile(), config);
        }
    }

    private static boolean isOutput(String name) {
        return name.matches("(.*\\.)?(classifier|score|classifier\\.out_proj|qa_outputs)\\.weight");
    }

    private static void setLabels(ObjectNode config, long labels, List<String> own) {
        int known = config.path("id2label").isObject() ? config.get("id2label").size() : 2;
        boolean named = own.size() == labels;
        if (known == labels && !named) {
            return;
        }
        ObjectNode names = config.putObject("id2label");
        ObjectNode ids = config.putObject("label2id");
        for (int i = 0; i < labels; i++) {
            String name = named ? own.get(i) : "LABEL_" + i;
            names.put(Integer.toString(i), name);
            ids.put(name, i);
        }
        config.remove("num_labels");
    }
}
