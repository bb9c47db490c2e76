package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {

    @TempDir Path root;

    private final AtomicInteger made = new AtomicInteger();

    private Path get() throws IOException {
        return ModelCache.under(root)
                .get(
                        "m",
                        directory -> {
                            made.incrementAndGet();
                            Files.createDirectory(directory.resolve("sub"));
                            Files.writeString(directory.resolve("sub/b"), "bbb");
                            Files.writeString(directory.resolve("a"), "aaa");
                        });
    }

    @Test
    void aDirectoryIsMadeOnce() throws Exception {
        assertThat(get()).isEqualTo(get()).isEqualTo(root.resolve("m"));
        assertThat(made).hasValue(1);
        assertThat(root.resolve("m/sub/b")).hasContent("bbb");
    }

    @Test
    void aBrokenOneIsMadeAnew() throws Exception {
        Files.writeString(get().resolve("a"), "aab");
        assertThat(get().resolve("a")).hasContent("aaa");
        Files.delete(get().resolve("sub/b"));
        assertThat(get().resolve("sub/b")).hasContent("bbb");
        Files.writeString(get().resolve("more"), "x");
        assertThat(get().resolve("more")).doesNotExist();
        Files.writeString(get().resolve(ModelCache.MANIFEST), "{");
        assertThat(get().resolve("a")).hasContent("aaa");
        assertThat(made).hasValue(5);
        try (var left = Files.list(root)) {
            assertThat(left).containsExactly(root.resolve("m"));
        }
    }

    @Test
    void whatCouldNotBeMadeLeavesNothing() throws Exception {
        assertThatThrownBy(
                        () ->
                                ModelCache.under(root)
                                        .get(
                                                "m",
                                                directory -> {
                                                    Files.writeString(directory.resolve("a"), "a");
                                                    throw new IOException("disk full");
                                                }))
                .hasMessage("disk full");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void severalMayMakeItAtOnce() throws Exception {
        int makers = 4;
        var all = new CyclicBarrier(makers);
        var threads = Executors.newFixedThreadPool(makers);
        try {
            Callable<Path> task =
                    () ->
                            ModelCache.under(root)
                                    .get(
                                            "m",
                                            directory -> {
                                                Files.writeString(directory.resolve("a"), "aaa");
                                                await(all);
                                            });
            for (var result : threads.invokeAll(Collections.nCopies(makers, task))) {
                assertThat(result.get()).isEqualTo(root.resolve("m"));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(root.resolve("m/a")).hasContent("aaa");
        try (var left = Files.list(root)) {
            assertThat(left).containsExactly(root.resolve("m"));
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
