package io.flinkpeft.kafka.topic;

/** A writer may not write any more: another took over. */
final class ShutOutException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ShutOutException(AdapterTopic topic, Throwable cause) {
        super(
                "Adapter topic ("
                        + topic.name()
                        + ") must have one writer. Another one shut this one out, or Kafka gave a"
                        + " transaction up after its timeout.",
                cause);
    }
}
