package io.flinkpeft.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Holds a producer up in the middle of a transaction, until the broker has given it up. */
public final class Stall
        implements ProducerInterceptor<byte[], byte[]>, ConsumerInterceptor<byte[], byte[]> {

    private record Order(String servers, String transactionalId, String key) {
        boolean isAbout(ProducerRecord<byte[], byte[]> record) {
            return new String(record.key(), UTF_8).startsWith(key);
        }
    }

    private static final AtomicReference<Order> ORDER = new AtomicReference<>();

    /** The next acknowledged transaction of this id is held up. */
    static void untilAborted(String servers, String transactionalId) {
        untilAborted(servers, transactionalId, "");
    }

    /** The same, behind the record whose key begins so. */
    static void untilAborted(String servers, String transactionalId, String key) {
        ORDER.set(new Order(servers, transactionalId, key));
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        Order order = ORDER.get();
        if (order != null
                && order.isAbout(record)
                && isOngoing(order)
                && ORDER.compareAndSet(order, null)) {
            while (state(order) != TransactionState.COMPLETE_ABORT) {
                Thread.onSpinWait();
            }
        }
        return record;
    }

    private static boolean isOngoing(Order order) {
        return state(order) == TransactionState.ONGOING;
    }

    private static TransactionState state(Order order) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", order.servers()))) {
            return admin.describeTransactions(List.of(order.transactionalId()))
                    .all()
                    .get()
                    .get(order.transactionalId())
                    .state();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> configs) {}
}
