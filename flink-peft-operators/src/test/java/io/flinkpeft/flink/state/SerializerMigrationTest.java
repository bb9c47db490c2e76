package io.flinkpeft.flink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job goes from one release to the next, and its state with it. */
class SerializerMigrationTest {

    /** The release that runs: its newest format. */
    private static int release = 1;

    /** A note; format 2 writes its length before it. */
    static final class NoteSerializer extends VersionedBytesSerializer<String> {
        static final NoteSerializer INSTANCE = new NoteSerializer();

        @Override
        int version() {
            return release;
        }

        @Override
        byte[] toBytes(String note) {
            String body = release == 1 ? note : note.length() + ":" + note;
            return (release + body).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        String fromBytes(byte[] bytes) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.startsWith("1") ? text.substring(1) : text.substring(text.indexOf(':') + 1);
        }

        @Override
        public Snapshot snapshotConfiguration() {
            return new Snapshot();
        }

        public static final class Snapshot extends VersionedBytesSnapshot<String> {
            public Snapshot() {
                super(INSTANCE);
            }
        }
    }

    /** Appends each note to the notes of its key. */
    private static final class Notes extends KeyedProcessFunction<String, String, String> {
        private transient ValueState<String> notes;

        @Override
        public void open(org.apache.flink.api.common.functions.OpenContext context) {
            notes =
                    getRuntimeContext()
                            .getState(new ValueStateDescriptor<>("notes", NoteSerializer.INSTANCE));
        }

        @Override
        public void processElement(String note, Context context, Collector<String> out)
                throws Exception {
            String before = notes.value();
            notes.update(before == null ? note : before + note);
            out.collect(notes.value());
        }
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, String, String> job(
            String backend) throws Exception {
        var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new Notes()), note -> "key", Types.STRING);
        StateBackend state =
                backend.equals("heap")
                        ? new HashMapStateBackend()
                        : new EmbeddedRocksDBStateBackend(false);
        harness.setStateBackend(state);
        harness.setup();
        return harness;
    }

    private static OperatorSubtaskState written(String backend, int release) throws Exception {
        SerializerMigrationTest.release = release;
        var job = job(backend);
        job.open();
        job.processElement("a", 0);
        var state = job.snapshot(1, 1);
        job.close();
        return state;
    }

    @AfterEach
    void firstRelease() {
        release = 1;
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "rocksdb"})
    void aNewerReleaseReadsOldState(String backend) throws Exception {
        var old = written(backend, 1);
        release = 2;
        var job = job(backend);
        job.initializeState(old);
        job.open();
        job.processElement("b", 0);
        assertThat(job.extractOutputValues()).containsExactly("ab");
        var renewed = job.snapshot(2, 2);
        job.close();
        var again = job(backend);
        again.initializeState(renewed);
        again.open();
        again.processElement("c", 0);
        assertThat(again.extractOutputValues()).containsExactly("abc");
        again.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "rocksdb"})
    void anOlderReleaseRefusesNewState(String backend) throws Exception {
        var newer = written(backend, 2);
        release = 1;
        var job = job(backend);
        assertThatThrownBy(
                        () -> {
                            job.initializeState(newer);
                            job.open();
                        })
                .hasStackTraceContaining(
                        "NoteSerializer finds state in format 2, this release must read at most 1."
                                + " Maybe run the release that wrote it.");
        job.close();
    }
}
