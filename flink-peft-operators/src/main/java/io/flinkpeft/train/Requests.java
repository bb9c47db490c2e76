package io.flinkpeft.train;

import static java.util.Collections.nCopies;

import ai.djl.ndarray.NDArray;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.Hook;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Takes requests of any mix of adapters through their programs, those together that can go
 * together. One thread at a time.
 */
final class Requests {

    private final BaseModel base;
    private final TextSettings texts;
    private final Map<ProgramKey, Kernels> kernels = new HashMap<>();

    Requests(BaseModel base, TextSettings texts) {
        this.base = base;
        this.texts = texts;
    }

    /** What a request asked, and what the model said. */
    record Answered(Question question, float[][] outputs) {}

    /** For each request its outputs. */
    List<Answered> outputs(List<Predictor.Request> requests, List<ServingAdapter> adapters) {
        Answered[] results = new Answered[requests.size()];
        for (RequestGroups.Group group : RequestGroups.of(adapters)) {
            PackedBatch batch = group.bank().newBatch(base);
            List<Kernels.Asked> parts = new ArrayList<>();
            Map<Integer, Question> questions = new HashMap<>();
            for (int a = 0; a < group.adapters().size(); a++) {
                ServingAdapter adapter = group.adapters().get(a);
                List<Question> own = new ArrayList<>();
                for (int i : group.requests().get(a)) {
                    own.add(question(requests.get(i), adapter));
                    questions.put(i, own.get(own.size() - 1));
                }
                Question.pack(own, batch);
                parts.add(asked(adapter, own));
            }
            List<float[][]> outputs = kernels(group).predict(group.bank(), parts, batch);
            for (int a = 0; a < outputs.size(); a++) {
                int from = 0;
                for (int i : group.requests().get(a)) {
                    int to = from + questions.get(i).outputs();
                    float[][] own = Arrays.copyOfRange(outputs.get(a), from, to);
                    results[i] = new Answered(questions.get(i), own);
                    from = to;
                }
            }
        }
        return List.of(results);
    }

    /** What a request asks of the model. */
    private Question question(Predictor.Request request, ServingAdapter adapter) {
        Encoder encoder = encoder(adapter);
        return adapter.asked().question(request.example(), adapter.labels(), encoder);
    }

    private Encoder encoder(ServingAdapter adapter) {
        return Encoder.of(base, adapter.bank().attachment(), texts);
    }

    private static Kernels.Asked asked(ServingAdapter adapter, List<Question> questions) {
        int labels = adapter.labels().size();
        return new Kernels.Asked(
                adapter.row(),
                labels,
                adapter.asked().columns(labels),
                adapter.asked().rightAnswers(questions));
    }

    /** For each request its continuation, as it were alone; nothing for a text without a token. */
    List<Generation> generate(
            List<Predictor.Request> requests, List<ServingAdapter> adapters, Decoding decoding) {
        List<Generation> results = new ArrayList<>(nCopies(requests.size(), Generation.NOTHING));
        int[] some =
                IntStream.range(0, results.size())
                        .filter(i -> continues(requests.get(i), adapters.get(i)))
                        .toArray();
        List<Generation> continued =
                continued(
                        Arrays.stream(some).mapToObj(requests::get).toList(),
                        Arrays.stream(some).mapToObj(adapters::get).toList(),
                        decoding);
        for (int i = 0; i < some.length; i++) {
            results.set(some[i], continued.get(i));
        }
        return results;
    }

    private boolean continues(Predictor.Request request, ServingAdapter adapter) {
        Encoder encoder = encoder(adapter);
        return encoder.continues(encoder.encode(request.text(), request.textPair()));
    }

    private List<Generation> continued(
            List<Predictor.Request> requests, List<ServingAdapter> adapters, Decoding decoding) {
        Generation[] results = new Generation[requests.size()];
        for (RequestGroups.Group group : RequestGroups.of(adapters)) {
            Encoder encoder = Encoder.of(base, group.bank().attachment(), texts);
            List<List<Tokens>> prompts = new ArrayList<>();
            List<List<String>> asWritten = new ArrayList<>();
            for (List<Integer> own : group.requests()) {
                List<Predictor.Request> asked = own.stream().map(requests::get).toList();
                prompts.add(
                        asked.stream().map(r -> encoder.encode(r.text(), r.textPair())).toList());
                asWritten.add(asked.stream().map(Predictor.Request::text).toList());
            }
            var generator = new Generator(base, kernels(group), decoding, base.generation());
            List<NDArray> rows = group.adapters().stream().map(ServingAdapter::row).toList();
            List<long[]> ids = generator.generate(group.bank(), rows, prompts, asWritten);
            List<Tokens> all = prompts.stream().flatMap(List::stream).toList();
            List<Integer> places = group.all();
            for (int i = 0; i < places.size(); i++) {
                String text = base.tokenizer().decode(ids.get(i));
                boolean cut = all.get(i).truncated();
                results[places.get(i)] = new Generation(text, ids.get(i), cut);
            }
        }
        return List.of(results);
    }

    /** The adapter merged into weights of its own. */
    ServingAdapter merge(ServingAdapter adapter) {
        Head head = Head.of(adapter.head(), base, adapter.labels());
        Kernels own = kernels(RequestGroups.of(List.of(adapter)).get(0));
        return MergedAdapter.of(adapter, head, base, own);
    }

    private Kernels kernels(RequestGroups.Group group) {
        Attachment attachment = group.bank().attachment();
        return kernels.computeIfAbsent(
                new ProgramKey(group.adapters().get(0).head(), attachment.kernels()),
                key -> new Kernels(base, group.bank().head(), attachment));
    }

    /** What adapters must share to have the same program. */
    private record ProgramKey(HeadKind head, Map<Hook, String> kernels) {}
}
