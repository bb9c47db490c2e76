package io.flinkpeft.fuzz;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicWriter;
import io.flinkpeft.predict.Answer;
import io.flinkpeft.predict.Fallback;
import io.flinkpeft.predict.Serving;
import io.flinkpeft.predict.ServingConfig;
import io.flinkpeft.predict.VersionsConfig;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import io.flinkpeft.train.ModelPredictor;
import io.flinkpeft.train.ServingAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Versions through a topic, a changed copy behind each: good adapters are served with their last
 * version, whatever became of the others.
 */
final class FuzzedServing implements AutoCloseable {

    private static final int VICTIMS = 4;
    private static final int MAX_TOKENS = 16;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Chance chance;
    private final OddTexts texts;
    private final PlantedFault fault;
    private final AdapterTopicWriter writer;
    private final ModelPredictor predictor;
    private final ServingConfig config;
    private final Map<String, AdapterVersion> last = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private Serving serving;
    private long step;

    FuzzedServing(AdapterTopic topic, long seed, PlantedFault fault) throws InterruptedException {
        this.fault = fault;
        chance = new Chance(seed);
        texts = new OddTexts(chance);
        writer = new AdapterTopicWriter(topic, "fuzzer-" + topic.name());
        String model = TinyModels.bert().toString();
        predictor = ModelPredictor.open(model, "cpu", "fp32", MAX_TOKENS);
        var versions = Map.of("bootstrap.servers", topic.servers(), "topic", topic.name());
        config =
                new ServingConfig(
                        model,
                        "cpu",
                        "fp32",
                        MAX_TOKENS,
                        "classify",
                        1,
                        1 << 16, // a few: the rest come and go
                        new VersionsConfig("kafka", versions));
        serving = open();
    }

    private Serving open() throws InterruptedException {
        return Serving.open(config, LIMIT, FuzzedServing.class.getClassLoader());
    }

    /** What is wrong with serving these versions; empty if nothing is. */
    List<String> serve(List<AdapterVersion> versions) throws InterruptedException {
        var odd = new OddVersions(chance);
        for (AdapterVersion version : versions) {
            publish(version);
            if (!version.removes()) {
                String victim = "victim-" + chance.below(VICTIMS);
                writer.publish(odd.of(version, victim, ++step));
            }
            if (chance.oneIn(4)) {
                predict(query("victim-" + chance.below(VICTIMS)));
            }
        }
        checkAll();
        serving.close(); // what comes next knows the topic alone
        serving = open();
        checkAll();
        return faults;
    }

    private void publish(AdapterVersion version) {
        if (version.removes()) {
            writer.unpublish(version.adapterId());
            last.remove(version.adapterId());
        } else {
            writer.publish(version);
            last.put(version.adapterId(), version);
        }
    }

    private void checkAll() throws InterruptedException {
        for (AdapterVersion version : last.values()) {
            check(version);
        }
        for (int i = 0; i < VICTIMS; i++) {
            predict(query("victim-" + i));
        }
    }

    private Request<String> query(String adapterId) {
        return new Request<>(adapterId, chance.oneIn(2) ? texts.plain() : texts.odd(), null);
    }

    private void check(AdapterVersion version) throws InterruptedException {
        Request<String> query = query(version.adapterId());
        Answer answer = predict(query);
        long end = System.nanoTime() + LIMIT.toNanos();
        while (faults.isEmpty() && !Objects.equals(answer.step(), version.step())) {
            if (System.nanoTime() > end) {
                faults.add(version + " is not served, but " + answer);
            }
            Thread.sleep(5);
            answer = predict(query);
        }
        try (var adapter = predictor.load(version)) {
            var request = new Request<ServingAdapter>(adapter, query.text(), null);
            var expected = Predicted.labels(predictor, List.of(request)).get(0);
            if (faults.isEmpty() && !same(expected, (Label) answer.prediction())) {
                faults.add(version + " answers " + answer + ", must answer " + expected);
            }
        }
    }

    private static boolean same(Label expected, Label answer) {
        int label = answer.labels().indexOf(expected.label()); // of two alike either is the first
        return label >= 0 && Math.abs(expected.score() - answer.scores()[label]) < 1e-5;
    }

    /** Beside a text of each other adapter, as rows of a query are. */
    private Answer predict(Request<String> query) {
        try {
            var queries = new ArrayList<Request<String>>();
            queries.add(planted(query));
            last.keySet().stream().limit(3).forEach(id -> queries.add(query(id)));
            var answer = serving.predict(queries, Fallback.NULL).get(0);
            if (answer.adapterId() != null && !answer.adapterId().equals(query.adapter())) {
                faults.add(query + " is served by " + answer.adapterId());
            }
            if (answer.prediction() != null
                    && !(answer.prediction().score() >= 0 && answer.prediction().score() <= 1)) {
                faults.add(query + " has score " + answer.prediction().score());
            }
            return answer;
        } catch (RuntimeException e) {
            faults.add(query + " ends serving: " + e);
            return Answer.NONE;
        }
    }

    private Request<String> planted(Request<String> query) {
        boolean victim = query.adapter().startsWith("victim");
        if (fault == PlantedFault.SERVING_ENDS && victim) {
            throw new IllegalStateException("planted");
        }
        return fault == PlantedFault.SERVED_BY_ANOTHER && !victim
                ? new Request<>(last.keySet().iterator().next(), query.text(), null)
                : query;
    }

    @Override
    public void close() {
        serving.close();
        predictor.close();
        writer.close();
    }
}
