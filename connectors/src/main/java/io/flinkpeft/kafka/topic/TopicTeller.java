package io.flinkpeft.kafka.topic;

import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Tells a listener what the records of an adapter topic say. */
record TopicTeller(TopicPublisher.Listener listener)
        implements Consumer<ConsumerRecord<byte[], byte[]>> {

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record) {
        try {
            TopicKey key = TopicKey.parse(record.key());
            TopicEntry entry = TopicEntry.read(key, record);
            if (entry instanceof TopicEntry.Version version) {
                listener.version(version.head());
            } else if (entry instanceof TopicEntry.Pointer pointer) {
                listener.pointer(key.adapterId(), pointer.step());
            } else if (entry instanceof TopicEntry.Removal) {
                tellRemoval(key);
            }
        } catch (InvalidRecordException e) {
            // a reader passes over what is not in the format
        }
    }

    private void tellRemoval(TopicKey key) {
        if (key.kind() == RecordKind.POINTER) {
            listener.pointerRemoved(key.adapterId());
        } else if (key.kind() == RecordKind.VERSION) {
            listener.removed(key.adapterId(), key.step());
        }
    }
}
