package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.VersionSource;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the background thread of a subscription does: catches up, then follows, until stopped. */
final class TopicFollower implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);

    private final AdapterTopic topic;
    private final Isolation isolation;
    private final VersionLimits limits;
    private final VersionSource.Listener listener;
    private final Runnable caughtUp;

    private volatile boolean stopped;
    private volatile TopicConsumer consumer;
    private volatile String progress = "no broker answered yet";

    TopicFollower(
            AdapterTopic topic,
            Isolation isolation,
            VersionLimits limits,
            VersionSource.Listener listener,
            Runnable caughtUp) {
        this.topic = topic;
        this.isolation = isolation;
        this.limits = limits;
        this.listener = listener;
        this.caughtUp = caughtUp;
    }

    /** What it waits for while it catches up. */
    String progress() {
        return progress;
    }

    void stop() {
        stopped = true;
        TopicConsumer open = consumer;
        if (open != null) {
            open.wakeup();
        }
    }

    @Override
    public void run() {
        try (var open = new TopicConsumer(topic, isolation)) {
            consumer = open;
            var view = new TopicView(listener, limits, (end, set) -> reread(open, end, set));
            if (!stopped) {
                open.connect();
            }
            while (!stopped) {
                follow(open, view);
            }
        } catch (WakeupException e) {
            if (!stopped) {
                throw e;
            }
        }
    }

    private void follow(TopicConsumer open, TopicView view) {
        try {
            catchUp(open, view);
            while (!stopped) {
                open.poll(view::accept);
            }
        } catch (InvalidOffsetException e) {
            LOG.warn("Topic {} is read anew: {}", topic.name(), e.getMessage());
            view.startOver();
            open.toBeginning();
        }
    }

    private void catchUp(TopicConsumer open, TopicView view) {
        Map<TopicPartition, Long> ends = open.ends();
        long remaining = open.remaining(ends);
        while (remaining > 0 && !stopped) {
            progress = remaining + " records of topic " + topic.name() + " are to be read";
            open.poll(view::accept);
            remaining = open.remaining(ends);
        }
        if (!stopped) {
            view.caughtUp();
            caughtUp.run();
        }
    }

    private Map<TopicEntry.Pointer, Lookup> reread(
            TopicConsumer open, TopicView.Place end, Set<TopicEntry.Pointer> wanted) {
        var search = new VersionSearch(wanted, limits);
        open.reread(end, () -> stopped, record -> acceptBefore(end, record, search));
        if (stopped) {
            throw new WakeupException();
        }
        return search.result();
    }

    private static void acceptBefore(
            TopicView.Place end, ConsumerRecord<byte[], byte[]> record, VersionSearch search) {
        if (record.offset() < end.offset()) {
            search.accept(record);
        }
    }
}
