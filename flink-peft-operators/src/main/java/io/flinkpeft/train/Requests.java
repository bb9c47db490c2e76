package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.Hook;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.task.Decoding;
import io.flinkpeft.task.GeneratedText;
import io.flinkpeft.task.ModelInput;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.TextEncoder;
import io.flinkpeft.task.TextSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    /** For each request its prediction, in order. */
    List<Prediction> predict(List<Request<ServingRow>> requests) {
        var results = new Prediction[requests.size()];
        List<ServingRow> adapters = requests.stream().map(Request::adapter).toList();
        for (RequestGroups.Group group : RequestGroups.of(adapters)) {
            group.first()
                    .asked()
                    .decoding()
                    .ifPresentOrElse(
                            decoding -> generate(requests, group, decoding, results),
                            () -> answer(requests, group, results));
        }
        return List.of(results);
    }

    private void answer(
            List<Request<ServingRow>> requests, RequestGroups.Group group, Prediction[] results) {
        PackedBatch batch = group.rowLayout().newBatch(base);
        List<Kernels.PredictionPart> parts = new ArrayList<>();
        List<List<ModelInput>> inputs = new ArrayList<>();
        for (int a = 0; a < group.adapters().size(); a++) {
            ServingRow adapter = group.adapters().get(a);
            List<ModelInput> own = inputs(requests, group.requests().get(a), adapter);
            ModelInput.pack(own, batch);
            inputs.add(own);
            parts.add(
                    new Kernels.PredictionPart(
                            adapter.row(), adapter.labels().size(), adapter.asked().targets(own)));
        }
        List<float[][]> outputs = kernels(group).predict(group.rowLayout(), parts, batch);
        for (int a = 0; a < outputs.size(); a++) {
            ServingRow adapter = group.adapters().get(a);
            int from = 0;
            for (int i = 0; i < inputs.get(a).size(); i++) {
                ModelInput input = inputs.get(a).get(i);
                int to = from + input.outputs();
                float[][] own = Arrays.copyOfRange(outputs.get(a), from, to);
                results[group.requests().get(a).get(i)] =
                        adapter.asked().decode(input, own, adapter.labels());
                from = to;
            }
        }
    }

    private List<ModelInput> inputs(
            List<Request<ServingRow>> requests, List<Integer> places, ServingRow adapter) {
        TextEncoder encoder = encoder(adapter);
        return places.stream()
                .map(requests::get)
                .map(r -> adapter.asked().encode(r.content(), adapter.labels(), encoder))
                .toList();
    }

    private TextEncoder encoder(ServingRow adapter) {
        return TextEncoder.of(base, adapter.rowLayout().attached(), adapter.head(), texts);
    }

    /** Each text as it were alone; nothing for one without a token. */
    private void generate(
            List<Request<ServingRow>> requests,
            RequestGroups.Group group,
            Decoding decoding,
            Prediction[] results) {
        TextEncoder encoder = encoder(group.first());
        List<NDArray> rows = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        List<List<Tokens>> prompts = new ArrayList<>();
        List<List<String>> asWritten = new ArrayList<>();
        for (int a = 0; a < group.adapters().size(); a++) {
            ServingRow adapter = group.adapters().get(a);
            List<Tokens> own = new ArrayList<>();
            List<String> written = new ArrayList<>();
            List<ModelInput> inputs = inputs(requests, group.requests().get(a), adapter);
            for (int i = 0; i < inputs.size(); i++) {
                int place = group.requests().get(a).get(i);
                Tokens tokens = inputs.get(i).tokens();
                results[place] = GeneratedText.NOTHING;
                if (encoder.continues(tokens)) {
                    places.add(place);
                    own.add(tokens);
                    written.add(requests.get(place).text());
                }
            }
            if (!own.isEmpty()) {
                rows.add(adapter.row());
                prompts.add(own);
                asWritten.add(written);
            }
        }
        if (places.isEmpty()) {
            return;
        }
        var generator = new Generator(base, kernels(group), decoding, base.generation());
        List<Generator.Continuation> following =
                generator.generate(group.rowLayout(), rows, prompts, asWritten);
        List<Tokens> all = prompts.stream().flatMap(List::stream).toList();
        for (int i = 0; i < places.size(); i++) {
            long[] ids = following.get(i).ids();
            String text = base.tokenizer().decode(ids);
            boolean cut = all.get(i).truncated();
            results[places.get(i)] = new GeneratedText(text, ids, following.get(i).finish(), cut);
        }
    }

    /** The adapter merged into weights of its own. */
    ServingRow merge(ServingRow adapter) {
        Head head = Head.of(adapter.task(), base, adapter.labels());
        Kernels own = kernels(RequestGroups.of(List.of(adapter)).get(0));
        return MergedAdapter.of(adapter, head, base, own);
    }

    private Kernels kernels(RequestGroups.Group group) {
        AttachedMethod attachment = group.rowLayout().attached();
        return kernels.computeIfAbsent(
                new ProgramKey(group.first().head().kernels(), attachment.kernels()),
                key -> new Kernels(base, group.first().head(), attachment));
    }

    /** What adapters must share to have the same program: its texts. */
    private record ProgramKey(List<String> head, Map<Hook, String> kernels) {}
}
