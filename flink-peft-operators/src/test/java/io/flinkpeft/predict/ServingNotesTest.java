package io.flinkpeft.predict;

import static io.flinkpeft.predict.FakePredictor.version;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user should know of a version is in the log, once, however often it is loaded. */
class ServingNotesTest {

    private final Messages messages = new Messages();
    private final FakePredictor engine = new FakePredictor();

    private static final class Messages extends AbstractAppender {

        private final List<String> warnings = new CopyOnWriteArrayList<>();

        Messages() {
            super("notes", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            if (event.getLoggerName().equals(ServingAdapters.class.getName())) {
                warnings.add(event.getMessage().getFormattedMessage());
            }
        }
    }

    @BeforeEach
    void listen() {
        var context = (LoggerContext) LogManager.getContext(false);
        messages.start();
        context.getConfiguration().getRootLogger().addAppender(messages, Level.WARN, null);
        context.getConfiguration().getRootLogger().setLevel(Level.WARN);
        context.updateLoggers();
    }

    @AfterEach
    void listenNoMore() {
        var context = (LoggerContext) LogManager.getContext(false);
        context.getConfiguration().getRootLogger().removeAppender("notes");
        context.reconfigure();
    }

    @Test
    void aVersionIsNotedWhenItServesFirst() {
        engine.notes = List.of("It names another base.", "num_beams (4) is ignored.");
        long room = FakePredictor.ADAPTER_BYTES;
        try (var adapters = new ServingAdapters(engine, room, (asking, id, step) -> {})) {
            adapters.current(version("u1", 1));
            adapters.current(version("u2", 1)); // no room
            adapters.hold("u2").orElseThrow().release();
            adapters.hold("u1").orElseThrow().release(); // loaded again
            adapters.current(version("u1", 2));
        }
        assertThat(engine.loads.get()).isGreaterThan(3);
        String notes = " serves. It names another base. num_beams (4) is ignored.";
        assertThat(messages.warnings)
                .containsExactly(
                        "Version u1@1" + notes, "Version u2@1" + notes, "Version u1@2" + notes);
    }

    @Test
    void nothingIsLoggedOfOthers() {
        try (var adapters = new ServingAdapters(engine, 1000, (asking, id, step) -> {})) {
            adapters.current(version("u1", 1));
        }
        assertThat(messages.warnings).isEmpty();
    }
}
