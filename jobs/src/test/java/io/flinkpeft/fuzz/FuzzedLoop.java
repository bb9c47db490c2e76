package io.flinkpeft.fuzz;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.FuzzedOperator;
import io.flinkpeft.flink.config.TrainingSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Odd records through the parser and the trainer's operator, which goes on from a checkpoint twice.
 * The witnesses' records go through another one alone, which does not, and keeps its state
 * elsewhere.
 */
final class FuzzedLoop {

    /**
     * What a run is found to be.
     *
     * @param faults what is wrong, in words; empty if nothing is
     * @param predicted how many examples reached the engine
     * @param dead how many records became dead letters
     * @param versions what was cut
     */
    record Report(List<String> faults, int predicted, int dead, List<AdapterVersion> versions) {}

    private static final int WATERMARK_EVERY = 7; // records

    private final PlantedFault fault;
    private final TrainingSettings settings;
    private final List<ConsumerRecord<byte[], byte[]>> records;
    private final List<String> faults = new ArrayList<>();
    private final Map<Long, TrainingEvent> events = new HashMap<>();
    private final List<Rejected> dead = new ArrayList<>();
    private final Map<Long, Integer> outcomes = new HashMap<>();
    private final EventTimesOfRun times;
    private final LettersOfRun letters = new LettersOfRun();

    private FuzzedLoop(long seed, int count, PlantedFault fault) {
        this.fault = fault;
        this.settings = OddSettings.of(seed);
        this.records = new OddRecords(seed, settings.order()).records(count);
        this.times = new EventTimesOfRun(settings.order());
    }

    /** Runs so many records. */
    static Report run(long seed, int count, PlantedFault fault) {
        return new FuzzedLoop(seed, count, fault).run();
    }

    private Report run() {
        List<PrequentialResult> predictions = List.of();
        List<AdapterVersion> versions = List.of();
        try (var operator = FuzzedOperator.start(settings, fault);
                var witness = FuzzedOperator.startOnHeap(settings)) {
            feed(operator, witness);
            operator.end();
            witness.end();
            dead.addAll(operator.rejected());
            predictions = operator.predictions();
            versions = operator.versions();
            account(predictions);
            compare(operator, witness);
        } catch (Exception | LinkageError e) {
            faults.add("The task fails: " + e);
        }
        return new Report(faults, predictions.size(), dead.size(), versions);
    }

    /** Both get the same watermarks: by these an adapter without events ends. */
    private void feed(FuzzedOperator operator, FuzzedOperator witness) throws Exception {
        var parser = new FuzzedParser(fault);
        for (int i = 0; i < records.size(); i++) {
            if (i == records.size() / 3 || i == records.size() * 2 / 3) {
                operator.restart();
            }
            var parsed = parser.parse(records.get(i)).orElse(null);
            if (parsed == null) {
                continue;
            }
            if (parsed.rejected() != null) {
                dead.add(parsed.rejected());
                continue;
            }
            TrainingEvent event = parsed.event();
            events.put(event.offset(), event);
            times.add(event);
            letters.add(event);
            operator.process(event);
            if (OddRecords.isWitness(records.get(i).key())) {
                witness.process(event);
            }
            if (i % WATERMARK_EVERY == 0 && times.watermark() > Long.MIN_VALUE) {
                operator.watermark(times.watermark());
                witness.watermark(times.watermark());
            }
        }
    }

    /** Each record is predicted or a dead letter; those that are neither are known. */
    private void account(List<PrequentialResult> predictions) {
        for (var prediction : predictions) {
            outcomes.merge(prediction.offset(), 1, Integer::sum);
            check(prediction);
        }
        for (var letter : dead) {
            outcomes.merge(letter.offset(), 1, Integer::sum);
            var record = records.get((int) letter.offset());
            letters.fault(letter, record, events.get(letter.offset())).ifPresent(faults::add);
        }
        for (var record : records) {
            var event = events.get(record.offset());
            int found = outcomes.getOrDefault(record.offset(), 0);
            if (found > 1 || found == 0 && !times.mayBeSilent(event)) {
                faults.add("Record " + record.offset() + " came out " + found + " times: " + event);
            }
        }
        faults.addAll(times.faults(dead, predictions));
    }

    private void check(PrequentialResult prediction) {
        var event = events.get(prediction.offset());
        if (!(event instanceof Example example)
                || !example.adapterId().equals(prediction.adapterId())) {
            faults.add(prediction + " is of another adapter than " + event);
        }
        if (!(prediction.score() >= 0 && prediction.score() <= 1)) {
            faults.add(prediction + " must have a score.");
        }
    }

    private void compare(FuzzedOperator operator, FuzzedOperator witness) {
        for (int i = 0; i < OddRecords.WITNESSES; i++) {
            String id = OddRecords.witness(i);
            if (!versions(operator, id).equals(versions(witness, id))) {
                faults.add(id + " learnt something else than alone.");
            }
            if (!predictions(operator, id).equals(predictions(witness, id))) {
                faults.add(id + " predicted something else than alone.");
            }
        }
    }

    private static List<AdapterVersion> versions(FuzzedOperator operator, String id) {
        return operator.versions().stream().filter(v -> v.adapterId().equals(id)).toList();
    }

    private static List<PrequentialResult> predictions(FuzzedOperator operator, String id) {
        return operator.predictions().stream().filter(p -> p.adapterId().equals(id)).toList();
    }
}
