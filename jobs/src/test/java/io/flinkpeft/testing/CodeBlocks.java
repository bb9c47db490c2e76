package io.flinkpeft.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The code between fences in the project's documents. */
public final class CodeBlocks {

    private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w*)\n(.*?)```");

    private CodeBlocks() {}

    /** The blocks of a language, in order; the empty one for commands and configuration. */
    public static List<String> of(String document, String language) throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("..", document)))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /** The lines of all blocks without a language; one that ends with a backslash goes on. */
    public static List<String> lines(String document) throws IOException {
        return of(document, "").stream()
                .flatMap(block -> block.replaceAll("\\\\\n\\s*", "").lines())
                .toList();
    }

    /** The SQL statements, without their semicolons. */
    public static List<String> sql(String document) throws IOException {
        return of(document, "sql").stream()
                .flatMap(block -> Stream.of(block.split(";\\s*\n")))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }
}
