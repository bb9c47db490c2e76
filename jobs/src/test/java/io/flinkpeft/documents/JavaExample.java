package io.flinkpeft.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A piece of Java that documentation shows.
 *
 * @param file where it stands
 * @param packageName of the class that shows it; of a document none
 * @param imports the import lines of that class
 * @param code statements, or expressions one a line
 */
record JavaExample(Path file, String packageName, List<String> imports, String code) {

    private static final Pattern BLOCK = Pattern.compile("(?s)<pre>\\{@code\n(.*?)\\s*\\}</pre>");
    private static final Pattern FENCE = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern MARGIN = Pattern.compile("(?m)^ *\\* ?");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package (\\S+);");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*;");

    /** A call, a constant or a constructor of a type, which no formula, SQL or JSON has. */
    private static final Pattern JAVA =
            Pattern.compile("(?m)\\b[A-Z]\\w*[a-z]\\w*\\.\\w+|\\bnew [A-Z]|^\\w[^\"'`]*\\);$");

    /** Those in the Javadoc of a source file. */
    static List<JavaExample> inSource(Path file) throws IOException {
        String text = Files.readString(file);
        String packageName =
                PACKAGE.matcher(text).results().findFirst().map(m -> m.group(1)).orElse("");
        List<String> imports = IMPORT.matcher(text).results().map(match -> match.group()).toList();
        return BLOCK.matcher(text)
                .results()
                .map(match -> MARGIN.matcher(match.group(1)).replaceAll(""))
                .filter(code -> JAVA.matcher(code).find())
                .map(code -> new JavaExample(file, packageName, imports, code))
                .toList();
    }

    /** Those in a document in Markdown, which are fenced as {@code java}. */
    static List<JavaExample> inDocument(Path file) throws IOException {
        return FENCE.matcher(Files.readString(file))
                .results()
                .map(match -> new JavaExample(file, "", List.of(), match.group(1)))
                .toList();
    }

    /** The code as statements: what has no semicolon is an expression on each line. */
    String statements() {
        if (code.contains(";")) {
            return code;
        }
        var statements = new StringBuilder();
        int number = 0;
        for (String line : code.split("\n")) {
            if (!line.isBlank()) {
                statements.append("Object value%d = %s;\n".formatted(number++, line));
            }
        }
        return statements.toString();
    }

    @Override
    public String toString() {
        return file.getFileName() + ": " + code.lines().findFirst().orElse("");
    }
}
