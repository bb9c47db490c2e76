package io.flinkpeft.predict;

import static io.flinkpeft.predict.FakePredictor.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.task.Request;
import io.flinkpeft.testing.MemoryVersions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class ServingTest {

    private final List<FakePredictor> engines = new ArrayList<>();
    private final ServingRegistry registry = new ServingRegistry(config -> engine());
    private final String topic = UUID.randomUUID().toString();
    private final MemoryVersions versions = MemoryVersions.topic(topic);
    private final ServingConfig config = config(Map.of("topic", topic));

    @Test
    void aBatchMixesAdaptersAndSaysWhichVersionServed() throws Exception {
        versions.publish(version("a", 1));
        versions.publish(version("b", 7));
        try (Serving serving = open()) {
            var answers = serving.predict(queries("b", "a", "b"), Fallback.ERROR);

            assertThat(answers).extracting(Answer::adapterId).containsExactly("b", "a", "b");
            assertThat(answers).extracting(Answer::step).containsExactly(7L, 1L, 7L);
            assertThat(answers)
                    .extracting(answer -> answer.prediction().predicted())
                    .containsExactly("b@7", "a@1", "b@7");
        }
    }

    @Test
    void aBatchInFlightKeepsTheVersionItTook() throws Exception {
        versions.publish(version("a", 1));
        try (Serving serving = open()) {
            var inFlight = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            computing().beforeClassify =
                    () -> {
                        inFlight.countDown();
                        await().until(() -> goOn.getCount() == 0);
                    };
            var first =
                    CompletableFuture.supplyAsync(
                            () -> serving.predict(queries("a"), Fallback.ERROR).get(0));
            inFlight.await();
            versions.publish(version("a", 2));
            assertThat(loading().live()).isEqualTo(2);
            goOn.countDown();

            assertThat(first.join().prediction().predicted()).isEqualTo("a@1");
            assertThat(first.join().step()).isEqualTo(1);
            assertThat(loading().live()).isEqualTo(1);
            assertThat(serving.predict(queries("a"), Fallback.ERROR).get(0).step()).isEqualTo(2);
        }
    }

    @Test
    void anUnknownAdapterIsAnErrorByItsName() throws Exception {
        try (Serving serving = open()) {
            assertThatThrownBy(() -> serving.predict(queries("u9"), Fallback.ERROR))
                    .isInstanceOf(UnknownAdapterException.class)
                    .hasMessageStartingWith("Adapter (u9) must have a version that can serve.");
        }
    }

    @Test
    void theErrorSaysWhyTheVersionWasRefused() throws Exception {
        versions.publish(version("u1", 1, FakePredictor.BASE, "corrupt"));
        try (Serving serving = open()) {
            assertThatThrownBy(() -> serving.predict(queries("u1"), Fallback.ERROR))
                    .hasMessageContaining("Its newest was refused: Version u1@1 is corrupt.");
            assertThat(serving.refusedVersions()).isEqualTo(1);
        }
    }

    @Test
    void theStatedFallbackServesOnlyWhatIsUnknown() throws Exception {
        versions.publish(version("a", 1));
        try (Serving serving = open()) {
            var nulls = serving.predict(queries("u9", "a", null), Fallback.NULL);
            assertThat(nulls.get(0)).isEqualTo(Answer.NONE);
            assertThat(nulls.get(1).prediction().predicted()).isEqualTo("a@1");
            assertThat(nulls.get(2)).isEqualTo(Answer.NONE);

            var base = serving.predict(queries("u9", "a"), Fallback.BASE);
            assertThat(base.get(0).prediction().predicted()).isEqualTo("base");
            assertThat(base.get(0).adapterId()).isNull();
            assertThat(base.get(0).step()).isNull();
            assertThat(base.get(1).adapterId()).isEqualTo("a");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "poison, NULL, null",
        "poison, BASE, base",
        "overflow, NULL, null",
        "overflow, BASE, base"
    })
    void onlyTheTextThatCannotBePredictedFollowsTheFallback(
            String text, Fallback fallback, String instead) throws Exception {
        versions.publish(version("a", 1));
        versions.publish(version("b", 7));
        try (Serving serving = open()) {
            var queries = queries("a", "b", "a", "b");
            queries.set(2, new Request<>("a", text, null));
            var answers = serving.predict(queries, fallback);

            assertThat(answers)
                    .extracting(ServingTest::label)
                    .containsExactly("a@1", "b@7", instead.equals("null") ? null : instead, "b@7");
            assertThat(answers.get(2).adapterId()).isNull();
            assertThat(serving.failedPredictions()).isEqualTo(1);
        }
    }

    @Test
    void withoutAFallbackTheTextThatCannotBePredictedIsNamedByItsReason() throws Exception {
        versions.publish(version("a", 1));
        try (Serving serving = open()) {
            var queries = queries("a", "a");
            queries.set(1, new Request<>("a", "poison 1", null));
            assertThatThrownBy(() -> serving.predict(queries, Fallback.ERROR))
                    .hasMessage(
                            "Adapter a@1 cannot predict a text: poison 1 Maybe set fallback (error)"
                                    + " to null or base.");
            assertThat(serving.predict(queries("a"), Fallback.ERROR)).hasSize(1);
        }
    }

    @Test
    void whatTheBaseAloneCannotPredictHasNoAnswer() throws Exception {
        try (Serving serving = open()) {
            var queries = queries("u9", "u9");
            queries.set(0, new Request<>("u9", "poison all", null));
            var answers = serving.predict(queries, Fallback.BASE);
            assertThat(answers).extracting(ServingTest::label).containsExactly(null, "base");
        }
    }

    @Test
    void aFailureOfTheMachineIsNoTexts() throws Exception {
        versions.publish(version("a", 1));
        try (Serving serving = open()) {
            computing().loadFailure = new IllegalStateException("memory");
            computing().beforeClassify =
                    () -> {
                        throw computing().loadFailure;
                    };
            assertThatThrownBy(() -> serving.predict(queries("a"), Fallback.NULL))
                    .hasMessageContaining("memory");
            assertThat(serving.failedPredictions()).isZero();
        }
    }

    @Test
    void aDirectoryThatCannotServeLeavesTheStepBefore(@TempDir Path root) throws Exception {
        for (String name : List.of("u1/8", "u1/9", "u1/broken-10", "u1/11")) {
            Files.createDirectories(root.resolve(name));
            Files.writeString(root.resolve(name).resolve("adapter_config.json"), "{}");
        }
        Files.writeString(root.resolve("u1/11/corrupt"), "");
        Files.writeString(root.resolve("u1/9/corrupt"), "");
        try (Serving serving = open(directories(root))) {
            assertThat(serving.predict(queries("u1"), Fallback.ERROR))
                    .extracting(Answer::step)
                    .containsExactly(8L);
            assertThat(serving.refusedVersions()).isEqualTo(2);
        }
    }

    @Test
    void usersShareTheSubscriptionAndTheLastOneEndsIt() throws Exception {
        versions.publish(version("a", 1));
        Serving first = open();
        Serving second = open();
        assertThat(versions.subscriptions()).isEqualTo(1);
        assertThat(loading().loads).hasValue(1);

        first.close();
        first.close();
        assertThat(second.predict(queries("a"), Fallback.ERROR)).hasSize(1);
        second.close();
        assertThat(versions.subscriptions()).isZero();
        assertThat(registry.size()).isZero();
        assertThat(engines).allMatch(engine -> engine.closed.get() && engine.live() == 0);
    }

    @Test
    void anotherConfigurationHasASubscriptionOfItsOwn() throws Exception {
        try (Serving one = open();
                Serving other =
                        open(config(Map.of("topic", topic, "properties.group.id", "other")))) {
            assertThat(registry.size()).isEqualTo(2);
            assertThat(versions.subscriptions()).isEqualTo(2);
            assertThat(one.adaptersOnDevice()).isEqualTo(other.adaptersOnDevice());
        }
    }

    @Test
    void afterAFailureANewUserGetsANewSubscription() throws Exception {
        versions.publish(version("a", 1));
        try (Serving broken = open()) {
            versions.fail(new IllegalStateException("broker is gone"));
            assertThatThrownBy(() -> broken.predict(queries("a"), Fallback.NULL))
                    .hasMessageContaining("broker is gone");
            try (Serving fresh = open()) {
                assertThat(fresh.predict(queries("a"), Fallback.ERROR)).hasSize(1);
            }
        }
        assertThat(registry.size()).isZero();
        assertThat(versions.subscriptions()).isZero();
    }

    @Test
    void aBootstrapThatTakesTooLongLeavesNothingBehind() {
        versions.neverComplete();

        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("bootstrap.timeout (PT5S)");
        assertThat(registry.size()).isZero();
        assertThat(versions.subscriptions()).isZero();
        assertThat(engines).allMatch(engine -> engine.closed.get());
    }

    @Test
    void directoriesServeUnderTheirNamesAndNewestSteps(@TempDir Path root) throws Exception {
        for (String name : List.of("u1/9", "u1/10", "u2")) {
            Files.createDirectories(root.resolve(name));
            Files.writeString(root.resolve(name).resolve("adapter_config.json"), "{}");
        }
        try (Serving serving = open(directories(root))) {
            var answers = serving.predict(queries("u1", "u2"), Fallback.ERROR);

            assertThat(answers)
                    .extracting(answer -> answer.prediction().predicted())
                    .containsExactly("u1 in 10", "u2 in u2");
            assertThat(answers).extracting(Answer::step).containsExactly(10L, 0L);
        }
    }

    @Test
    void theConfigurationHidesTheOptionsValues() {
        assertThat(config(Map.of("topic", "t", "properties.sasl.jaas.config", "hunter2")))
                .asString()
                .contains("memory[properties.sasl.jaas.config, topic]")
                .doesNotContain("hunter2");
    }

    private FakePredictor engine() {
        engines.add(new FakePredictor());
        return engines.get(engines.size() - 1);
    }

    private FakePredictor loading() {
        return engines.get(0);
    }

    private FakePredictor computing() {
        return engines.get(1);
    }

    private Serving open() throws InterruptedException {
        return open(config);
    }

    private Serving open(ServingConfig config) throws InterruptedException {
        return Serving.open(registry, config, Duration.ofSeconds(5), getClass().getClassLoader());
    }

    private static String label(Answer answer) {
        return answer.prediction() == null ? null : answer.prediction().predicted();
    }

    private static ServingConfig directories(Path root) {
        return config(new VersionsConfig("directory", Map.of("path", root.toString())));
    }

    private static ServingConfig config(Map<String, String> options) {
        return config(new VersionsConfig("memory", options));
    }

    private static ServingConfig config(VersionsConfig versions) {
        return new ServingConfig("m", "cpu", "fp32", 16, "classify", 64, 1000, versions);
    }

    private static List<Request<String>> queries(String... adapters) {
        var queries = new ArrayList<Request<String>>();
        for (String adapter : adapters) {
            queries.add(new Request<>(adapter, "text", null));
        }
        return queries;
    }
}
