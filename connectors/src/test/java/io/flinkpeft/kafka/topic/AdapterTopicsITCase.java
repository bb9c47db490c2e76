package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.testing.KafkaExtension;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AdapterTopicsITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @Test
    void aCreatedTopicIsCompactedAndPassesTheCheck() throws Exception {
        var topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 3, (short) 1);
        AdapterTopics.createIfMissing(topic, 3, (short) 1);
        AdapterTopics.check(topic);
        assertThat(setting(topic.name(), "cleanup.policy")).isEqualTo("compact");
        assertThat(setting(topic.name(), "max.message.bytes")).isEqualTo("2097152");
        assertThat(setting(topic.name(), "min.cleanable.dirty.ratio")).isEqualTo("0.1");
    }

    @Test
    void aCreatedTopicTakesRecordsAtOnce() throws Exception {
        Map<String, Object> once =
                Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "retries", 0);
        try (Admin admin = Admin.create(once)) {
            admin.describeCluster().nodes().get();
            for (int i = 0; i < 3; i++) {
                var topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
                AdapterTopics.createIfMissing(topic, 50, (short) 1);
                var last = new TopicPartition(topic.name(), 49);
                var end = admin.listOffsets(Map.of(last, OffsetSpec.latest())).all().get();
                assertThat(end).hasSize(1);
            }
        }
    }

    /** A broker hears of a topic only after the controller has it; one of some ten is that late. */
    @Test
    void aBrokerThatHasNotHeardOfTheTopicIsAskedAgain() {
        for (int i = 0; i < 40; i++) {
            var topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
            AdapterTopics.createIfMissing(topic, 1, (short) 1);
        }
    }

    @Test
    void aTopicThatForgetsIsRefused() {
        String name = KAFKA.newTopic(1, Map.of("cleanup.policy", "compact,delete"));
        var topic = AdapterTopic.at(KAFKA.bootstrapServers(), name);
        assertThatThrownBy(() -> AdapterTopics.createIfMissing(topic, 3, (short) 1))
                .hasMessage(
                        "Topic "
                                + name
                                + " has cleanup.policy (compact,delete), must have compact, or"
                                + " adapters vanish from it with time. Maybe use another topic.");
    }

    @Test
    void aTopicThatIsNotThereIsNamed() {
        var topic = AdapterTopic.at(KAFKA.bootstrapServers(), "nothing-here");
        assertThatThrownBy(() -> AdapterTopics.check(topic))
                .hasMessage(
                        "Adapter topic (nothing-here) must exist at "
                                + KAFKA.bootstrapServers()
                                + ". Maybe create it.");
    }

    private static String setting(String topic, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
            var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            return config.get(name).value();
        }
    }
}
