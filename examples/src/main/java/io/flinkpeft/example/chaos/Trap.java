package io.flinkpeft.example.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A directory by which a runner tells processes where to stop, and they tell that they have.
 *
 * <p>The file {@code armed} names a moment and how many of its kind pass before; {@code hit-PID}
 * says that a process is held there. It goes on when {@code armed} is gone.
 */
record Trap(Path directory) {

    /** The system property that names the directory to a process. */
    static final String DIRECTORY = "chaos.trap";

    private static final String HIT = "hit-";

    /** What is armed: the next but {@code skip} of a moment; the number tells it from others. */
    record Armed(Moment moment, int skip, long number) {}

    private Path file() {
        return directory.resolve("armed");
    }

    /** What is armed now. */
    Optional<Armed> armed() {
        try {
            if (!Files.exists(file())) {
                return Optional.empty();
            }
            String[] words = Files.readString(file()).split(" ");
            return Optional.of(
                    new Armed(
                            Moment.valueOf(words[0]),
                            Integer.parseInt(words[1]),
                            Long.parseLong(words[2])));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Holds every process that comes to the moment. */
    void arm(Moment moment, int skip) throws IOException {
        Path ready = directory.resolve("arming");
        Files.writeString(ready, moment.name() + " " + skip + " " + System.nanoTime());
        Files.move(ready, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Lets all go on that still live. */
    void disarm() throws IOException {
        Files.deleteIfExists(file());
        for (long pid : hits()) {
            Files.deleteIfExists(hit(pid));
        }
    }

    /** The processes that are held. */
    Set<Long> hits() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(HIT))
                    .map(name -> Long.parseLong(name.substring(HIT.length())))
                    .collect(Collectors.toSet());
        }
    }

    /** The file that says that a process is held. */
    Path hit(long pid) {
        return directory.resolve(HIT + pid);
    }
}
