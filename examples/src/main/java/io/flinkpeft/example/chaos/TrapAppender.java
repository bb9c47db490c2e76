package io.flinkpeft.example.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginFactory;

/**
 * Holds a thread of a Flink process in the line of the log that a {@link Trap} waits for. Nothing
 * of Flink or of ours is changed for it; a process without this appender runs the same code.
 */
@Plugin(
        name = "Trap",
        category = Core.CATEGORY_NAME,
        elementType = Appender.ELEMENT_TYPE,
        printObject = true)
public final class TrapAppender extends AbstractAppender {

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final Trap trap = new Trap(Path.of(System.getProperty(Trap.DIRECTORY)));
    private long number;
    private int seen;

    private TrapAppender(String name) {
        super(name, null, null, false, Property.EMPTY_ARRAY);
    }

    /** Called by Log4j. */
    @PluginFactory
    public static TrapAppender create(@PluginAttribute("name") String name) {
        return new TrapAppender(name);
    }

    @Override
    public void append(LogEvent event) {
        var armed = trap.armed();
        if (armed.isPresent() && marks(armed.get(), event) && enough(armed.get())) {
            hold(armed.get());
        }
    }

    private static boolean marks(Trap.Armed armed, LogEvent event) {
        return armed.moment()
                .marks(event.getLoggerName(), event.getMessage().getFormattedMessage());
    }

    private synchronized boolean enough(Trap.Armed armed) {
        seen = armed.number() == number ? seen + 1 : 0;
        number = armed.number();
        return seen >= armed.skip();
    }

    private void hold(Trap.Armed armed) {
        try {
            Files.writeString(trap.hit(ProcessHandle.current().pid()), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long end = System.nanoTime() + LONGEST.toNanos();
        Optional<Trap.Armed> same = Optional.of(armed);
        while (trap.armed().equals(same) && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
