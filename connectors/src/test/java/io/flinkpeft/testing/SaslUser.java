package io.flinkpeft.testing;

/** Who may use the listener of a test broker that asks for a password. */
public final class SaslUser {

    /** The right password. */
    public static final String PASSWORD = "pw-52c09d-not-to-be-seen";

    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    private SaslUser() {}

    /** The user's settings of a Kafka client with a password, as a properties file has them. */
    public static String properties(String password) {
        return """
               security.protocol=SASL_PLAINTEXT
               sasl.mechanism=PLAIN
               sasl.jaas.config=%susername="flink" password="%s";
               """
                .formatted(LOGIN, password);
    }

    static String ofTheBroker() {
        return LOGIN + "user_flink=\"" + PASSWORD + "\";";
    }
}
