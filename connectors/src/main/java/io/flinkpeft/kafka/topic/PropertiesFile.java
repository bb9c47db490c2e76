package io.flinkpeft.kafka.topic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * Settings of Kafka clients that stay in a file: a Java properties file, such as
 *
 * <pre>
 * security.protocol=SASL_SSL
 * sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required ...;
 * </pre>
 *
 * <p>What is handed on names the file and the key, never the value: each client reads the values
 * where it runs, by Kafka's own {@link FileConfigProvider}. So a secret is neither in a plan, nor
 * in a job graph, nor in a log. The file must lie under the same path wherever a client runs.
 */
public final class PropertiesFile {

    private static final String PROVIDERS = AbstractConfig.CONFIG_PROVIDERS_CONFIG;
    private static final String NAME = "flinkpeft";

    private PropertiesFile() {}

    /**
     * The settings, and beside them those of a file; a setting that is in both stays.
     *
     * @param option whose value the path is, for messages
     * @throws IllegalArgumentException if the file cannot be read here
     */
    public static Map<String, String> add(
            Map<String, String> settings, String option, String file) {
        var all = new HashMap<String, String>();
        for (String key : read(option, file).stringPropertyNames()) {
            all.put(key, "${" + NAME + ":" + Path.of(file).toAbsolutePath() + ":" + key + "}");
        }
        all.putAll(settings);
        all.merge(PROVIDERS, NAME, (before, own) -> before + "," + own);
        all.put(PROVIDERS + "." + NAME + ".class", FileConfigProvider.class.getName());
        return all;
    }

    private static Properties read(String option, String file) {
        if (file.contains(":") || file.contains("}")) {
            throw new IllegalArgumentException(
                    option + " (" + file + ") must be a path without : and }.");
        }
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(Path.of(file))) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    option
                            + " ("
                            + file
                            + ") must be a Java properties file that can be read here: "
                            + e.getClass().getSimpleName()
                            + ".",
                    e instanceof IOException ? e : null); // the other quotes the file
        }
        if (properties.containsKey(PROVIDERS)) {
            throw new IllegalArgumentException(
                    option + " (" + file + ") must not set " + PROVIDERS + ". Set it beside it.");
        }
        return properties;
    }
}
