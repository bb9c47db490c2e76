package io.flinkpeft.documents;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The files of this repository, or of a source archive of it. */
final class RepositoryFiles {

    private RepositoryFiles() {}

    /**
     * The files below a root, relative to it.
     *
     * <p>What git tracks or would, if the root is a repository and git is there; else every file
     * that its {@code .gitignore} does not name.
     */
    static List<Path> of(Path root) throws IOException, InterruptedException {
        List<Path> tracked = Files.exists(root.resolve(".git")) ? tracked(root) : List.of();
        return tracked.isEmpty() ? unignored(root) : tracked;
    }

    /** Those of them with an ending, resolved against the root. */
    static List<Path> of(Path root, String ending) throws IOException, InterruptedException {
        return of(root).stream()
                .filter(path -> path.toString().endsWith(ending))
                .sorted()
                .map(root::resolve)
                .toList();
    }

    private static List<Path> tracked(Path root) throws IOException, InterruptedException {
        Process git;
        try {
            git =
                    new ProcessBuilder("git", "ls-files", "-zco", "--exclude-standard")
                            .directory(root.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) { // no git on this machine
            return List.of();
        }
        String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (git.waitFor() != 0) { // a repository of another user
            return List.of();
        }
        return Arrays.stream(names.split("\0"))
                .map(Path::of)
                .filter(path -> Files.exists(root.resolve(path))) // one may be deleted just now
                .toList();
    }

    /** All files but those in directories, or with names, that {@code .gitignore} names. */
    static List<Path> unignored(Path root) throws IOException {
        List<PathMatcher> ignored =
                Files.readAllLines(root.resolve(".gitignore")).stream()
                        .map(line -> line.replaceAll("^/|/$", ""))
                        .map(name -> root.getFileSystem().getPathMatcher("glob:" + name))
                        .toList();
        var files = new ArrayList<Path>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes of) {
                        return isIgnored(dir)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes of) {
                        if (!isIgnored(file)) {
                            files.add(root.relativize(file));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    private boolean isIgnored(Path path) {
                        Path name = path.getFileName();
                        return name.toString().equals(".git")
                                || ignored.stream().anyMatch(matcher -> matcher.matches(name));
                    }
                });
        return files;
    }
}
