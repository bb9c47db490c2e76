package io.flinkpeft.engine;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * A directory into which nobody but this process's user, and the system's administrator, can put
 * files, nor could have. Whoever owns the root directory is the administrator, and so is group 0. A
 * group that is named like the owner, as many systems give each user one, is the owner.
 */
public final class PrivateDirectory {

    private static final int GROUP_WRITES = 0020;
    private static final int OTHERS_WRITE = 0002;
    private static final int OTHERS_ENTER = 0011;
    private static final int STICKY = 01000;

    private PrivateDirectory() {}

    /**
     * The user's home; without one that can be written to, a directory of the user's own among the
     * temporary ones.
     *
     * @throws IllegalArgumentException if somebody else made that one
     */
    public static Path home() throws IOException {
        Path home = Path.of(System.getProperty("user.home"));
        if (home.isAbsolute() && Files.isDirectory(home) && Files.isWritable(home)) {
            return home;
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return open(temporary.resolve("flink-peft-" + user()));
    }

    /**
     * Makes a directory that is missing, for this user alone, and checks it: who may write it, what
     * it lies in, and what is in it.
     *
     * @throws IllegalArgumentException if others can put files into it, or could have
     */
    static Path open(Path directory) throws IOException {
        var ownerOnly = PosixFilePermissions.fromString("rwx------");
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
        checkWay(directory);
        Files.walkFileTree(directory.toRealPath(), new ContentCheck());
        return directory;
    }

    /**
     * Where each part of a path leads only its owner decides. In a sticky directory, such as the
     * system's temporary one, what lies there is safe from others.
     */
    private static void checkWay(Path path) throws IOException {
        for (Path part = path.toAbsolutePath(); part != null; part = part.getParent()) {
            Entry entry = Entry.at(part);
            entry.checkOwner();
            if (entry.isLink()) {
                checkWay(part.resolveSibling(Files.readSymbolicLink(part)));
            } else if ((entry.mode() & STICKY) == 0) {
                entry.checkWriters();
            }
        }
    }

    private static final class ContentCheck extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                throws IOException {
            return visitFile(directory, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Entry entry = Entry.at(file);
            entry.checkOwner();
            if (entry.isLink()) {
                throw refused(file, "must be no link");
            }
            if ((Entry.at(file.getParent()).mode() & OTHERS_ENTER) != 0) {
                entry.checkWriters();
            }
            return FileVisitResult.CONTINUE;
        }
    }

    /** What the system says of a file, not of what a link leads to. */
    private record Entry(Path path, Map<String, Object> attributes) {

        static Entry at(Path path) throws IOException {
            return new Entry(
                    path,
                    Files.readAttributes(
                            path,
                            "unix:uid,gid,mode,owner,group,isSymbolicLink",
                            LinkOption.NOFOLLOW_LINKS));
        }

        boolean isLink() {
            return (boolean) attributes.get("isSymbolicLink");
        }

        int mode() {
            return (int) attributes.get("mode");
        }

        void checkOwner() throws IOException {
            Object uid = attributes.get("uid");
            if (!uid.equals(0) && !uid.equals(user()) && !uid.equals(owner(Path.of("/")))) {
                throw refused(
                        path, "must belong to user " + user() + ", not " + attributes.get("owner"));
            }
        }

        void checkWriters() {
            String group = attributes.get("group").toString();
            boolean others = (mode() & OTHERS_WRITE) != 0;
            boolean strangers =
                    (mode() & GROUP_WRITES) != 0
                            && !attributes.get("gid").equals(0)
                            && !group.equals(attributes.get("owner").toString());
            if (others || strangers) {
                String who = others ? "others" : "group " + group;
                throw refused(path, "must not be writable by " + who);
            }
        }
    }

    private static Object user() throws IOException {
        return owner(Path.of("/proc/self"));
    }

    private static Object owner(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid");
    }

    private static IllegalArgumentException refused(Path path, String must) {
        return new IllegalArgumentException(
                "File ("
                        + path
                        + ") "
                        + must
                        + ": native libraries and models could be anybody's. Maybe remove it, or"
                        + " name another place by DJL_CACHE_DIR (libraries) or"
                        + " FLINK_PEFT_CACHE_DIR (models).");
    }
}
