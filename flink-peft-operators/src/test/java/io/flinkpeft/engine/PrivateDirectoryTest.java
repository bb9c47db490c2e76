package io.flinkpeft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateDirectoryTest {

    private static final int STRANGER = 65534;

    @TempDir private Path temporary;
    private Path open; // what a library lies in that anybody may enter
    private Path library;

    @BeforeEach
    void aLibraryIsThere() throws IOException {
        with("rwxr-xr-x", temporary);
        Path top = with("rwxr-xr-x", Files.createDirectory(temporary.resolve("cache")));
        open = with("rwxr-xr-x", Files.createDirectory(top.resolve("pytorch")));
        library = with("rw-r--r--", Files.createFile(open.resolve("libtorch.so")));
    }

    @Test
    void aNewDirectoryIsItsOwnersAlone() throws IOException {
        Path made = PrivateDirectory.open(temporary.resolve("a").resolve("b"));
        for (Path directory : new Path[] {made, made.getParent()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .isEqualTo("rwx------");
        }
        assertThat(PrivateDirectory.open(made)).isEqualTo(made);
    }

    @Test
    void whatOthersMayReadOnlyIsTaken() throws IOException {
        assertThat(PrivateDirectory.open(open)).isEqualTo(open);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cache", "cache/pytorch", "cache/pytorch/libtorch.so"})
    void whatOthersMayWriteIsRefused(String name) throws IOException {
        Path writable = with("rwxrwxrwx", temporary.resolve(name));
        assertRefused(writable, "must not be writable by others");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cache", "cache/pytorch", "cache/pytorch/libtorch.so"})
    void whatAnotherUserOwnsIsRefused(String name) throws IOException {
        Path foreign = temporary.resolve(name);
        give(foreign);
        assertRefused(foreign, "must belong to user 0, not ");
    }

    @Test
    void whatAGroupMayWriteIsRefusedUnlessTheGroupIsItsOwner() throws IOException {
        assumeRoot();
        with("rwxrwxr-x", open);
        Files.setAttribute(open, "unix:gid", 0);
        assertThat(PrivateDirectory.open(open)).isEqualTo(open);
        Files.setAttribute(open, "unix:gid", STRANGER);
        assertRefused(open, "must not be writable by group ");
    }

    @Test
    void aLinkIsFollowedToASafePlaceOnly() throws IOException {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), open);
        Path further = Files.createSymbolicLink(temporary.resolve("further"), Path.of("link"));
        assertThat(PrivateDirectory.open(further)).isEqualTo(further);
        with("rwxrwxrwx", open.getParent());
        for (Path way : new Path[] {link, further}) {
            assertThatThrownBy(() -> PrivateDirectory.open(way))
                    .hasMessageStartingWith("File (" + open.getParent() + ") must not be writable");
        }
    }

    @Test
    void aLinkThatAnotherUserMadeIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), open);
        assumeRoot();
        new ProcessBuilder("chown", "-h", Integer.toString(STRANGER), link.toString())
                .start()
                .onExit()
                .join();
        assertThatThrownBy(() -> PrivateDirectory.open(link))
                .hasMessageStartingWith("File (" + link + ") must belong to user 0, not ");
    }

    @Test
    void aLibraryIsNoLink() throws IOException {
        Path link = Files.createSymbolicLink(open.resolve("libc10.so"), library);
        assertRefused(link, "must be no link");
    }

    @Test
    void whatNobodyElseCanReachMayHaveAnyRights() throws IOException {
        with("rwx------", open);
        with("rw-rw-rw-", library);
        assertThat(PrivateDirectory.open(open)).isEqualTo(open);
    }

    @Test
    void aStickyDirectoryMayHoldAPrivateOne() throws IOException {
        Path top = open.getParent();
        new ProcessBuilder("chmod", "1777", top.toString()).start().onExit().join();
        assertThat(PrivateDirectory.open(open)).isEqualTo(open);
        assertThatThrownBy(() -> PrivateDirectory.open(top))
                .hasMessageStartingWith("File (" + top + ") must not be writable by others");
    }

    private void assertRefused(Path file, String why) {
        assertThatThrownBy(() -> PrivateDirectory.open(open))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("File (" + file + ") " + why)
                .hasMessageContaining("Maybe remove it");
    }

    private static Path with(String rights, Path path) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }

    private static void give(Path path) throws IOException {
        assumeRoot();
        Files.setAttribute(path, "unix:uid", STRANGER);
    }

    /** Only the administrator can give files away. */
    private static void assumeRoot() throws IOException {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0));
    }
}
