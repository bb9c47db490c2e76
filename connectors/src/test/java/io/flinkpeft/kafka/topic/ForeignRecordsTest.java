package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForeignRecordsTest {

    /** Keeps what is logged. */
    private static final class Lines extends AbstractAppender {

        private final List<String> lines = new ArrayList<>();

        Lines() {
            super("lines", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
    }

    private final Logger logger = (Logger) LogManager.getLogger(ForeignRecords.class);
    private final Lines log = new Lines();
    private final ForeignRecords foreign = new ForeignRecords();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void leave() {
        logger.removeAppender(log);
    }

    @Test
    void thoseOfTheStartAreOneLine() {
        add(0, 1000);
        assertThat(log.lines).isEmpty();
        foreign.report();
        assertThat(log.lines)
                .containsExactly(
                        "WARN Passed over 1000 records of others, the last at adapters-3@999:"
                                + " no key");
    }

    @Test
    void aTopicOfItsOwnIsNotSpokenOf() {
        foreign.report();
        assertThat(log.lines).isEmpty();
    }

    @Test
    void laterOnesAreEverFewerLines() {
        foreign.report();
        add(0, 1000);
        assertThat(foreign.count()).isEqualTo(1000);
        assertThat(log.lines).hasSize(10); // 1, 2, 4 ... 512
        assertThat(log.lines.get(3))
                .isEqualTo(
                        "WARN Passed over 8 records of others, the last at adapters-3@7: no key");
    }

    private void add(long from, long to) {
        for (long offset = from; offset < to; offset++) {
            var record = new ConsumerRecord<>("adapters", 3, offset, new byte[0], new byte[0]);
            foreign.add(record, new InvalidRecordException("no key"));
        }
    }
}
