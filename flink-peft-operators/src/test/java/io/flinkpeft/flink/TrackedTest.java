package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrackedTest {

    private final List<String> written = new ArrayList<>();
    private final Tracked<String> tracked = new Tracked<>("read", written::add);

    @Test
    void onlyWhatChangedIsWrittenAndOnce() throws Exception {
        tracked.write();
        tracked.set("read");
        tracked.write();
        assertThat(written).isEmpty();
        tracked.set("new");
        tracked.set("newer");
        assertThat(tracked.changed()).isTrue();
        tracked.write();
        tracked.write();
        assertThat(written).containsExactly("newer");
    }

    @Test
    void aValueThatComesBackIsWrittenAllTheSame() throws Exception {
        tracked.set("new");
        tracked.set("read");
        tracked.write();
        assertThat(written).containsExactly("read");
    }

    @Test
    void aChangeInPlaceIsWritten() throws Exception {
        var lists = new ArrayList<List<String>>();
        var list = new Tracked<List<String>>(new ArrayList<>(), lists::add);
        list.change(value -> value.add("more"));
        list.write();
        assertThat(lists).containsExactly(List.of("more"));
    }

    @Test
    void whatStateAgreesWithIsNotWritten() throws Exception {
        tracked.set("new");
        tracked.settle("removed");
        tracked.write();
        assertThat(written).isEmpty();
        assertThat(tracked.get()).isEqualTo("removed");
    }
}
