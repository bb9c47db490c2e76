package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.StoredVersions;
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
    private volatile TopicView view;
    private volatile String progress = "no broker answered yet";
    private volatile long read;

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

    /** Grows while it reads and tells. */
    long advance() {
        TopicView open = view;
        return read + (open == null ? 0 : open.tellings());
    }

    /** See {@link VersionSource#earlier}. */
    void earlier(String adapterId, long step) {
        view.earlier(adapterId, step);
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
        try (var open = new TopicConsumer(topic, isolation);
                var store = new StoredVersions()) {
            consumer = open;
            view =
                    new TopicView(
                            listener,
                            limits,
                            store,
                            (span, versions) -> reread(open, span, versions, store));
            if (!stopped) {
                open.connect();
            }
            while (!stopped) {
                follow(open);
            }
        } catch (WakeupException e) {
            if (!stopped) {
                throw e;
            }
        }
    }

    private void follow(TopicConsumer open) {
        try {
            catchUp(open);
            var silence = new Silence(System::nanoTime);
            while (!stopped && !open.hasMorePartitions()) {
                boolean heard = open.poll(view::accept) > 0;
                view.answer();
                if (silence.isOver(heard, open::isAnswered)) {
                    LOG.warn(
                            "Topic {} is read anew: no broker answered for so long that removals"
                                    + " may be gone.",
                            topic.name());
                    startOver(open);
                    return;
                }
            }
            if (!stopped) {
                LOG.warn("Topic {} has more partitions, it is read anew.", topic.name());
                open.connect();
                startOver(open);
            }
        } catch (InvalidOffsetException e) {
            LOG.warn("Topic {} is read anew: {}", topic.name(), e.getMessage());
            startOver(open);
        }
    }

    private void startOver(TopicConsumer open) {
        view.startOver();
        open.toBeginning();
    }

    private void catchUp(TopicConsumer open) {
        Map<TopicPartition, Long> ends = open.ends();
        long remaining = open.remaining(ends);
        while (remaining > 0 && !stopped) {
            progress = remaining + " records of topic " + topic.name() + " are to be read";
            read += open.poll(view::accept); // one thread writes
            remaining = open.remaining(ends);
        }
        if (!stopped) {
            progress = "versions of topic " + topic.name() + " are loaded";
            view.caughtUp();
            caughtUp.run();
        }
    }

    private Map<TopicKey, Lookup> reread(
            TopicConsumer open,
            VersionIndex.Span span,
            Set<TopicKey> wanted,
            StoredVersions store) {
        var search = new VersionSearch(wanted, limits, store);
        open.reread(span, () -> stopped, record -> acceptWithin(span, record, search));
        if (stopped) {
            throw new WakeupException();
        }
        return search.result();
    }

    private void acceptWithin(
            VersionIndex.Span span, ConsumerRecord<byte[], byte[]> record, VersionSearch search) {
        read++;
        if (record.partition() == span.partition() && record.offset() <= span.last()) {
            search.accept(record);
        }
    }
}
