package dev.auspex.runtime.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table between two marks in a page of the docs. Run the tests with {@code -Dauspex.docs.update=true} to write it
 * instead of checking it.
 *
 * @param page the file
 */
record GeneratedTable(Path page) {

    private static final String BEGIN = "<!-- generated, do not edit: mvn -pl pipeline-runtime -am test -Dauspex.docs.update=true -->\n";
    private static final String END = "<!-- end of the generated part -->";

    /** A page by its name in {@code docs}, which is looked for upwards from the working folder. */
    static GeneratedTable in(String name) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path docs = folder.resolve("docs");
            if (Files.exists(docs.resolve("architecture.md"))) {
                return new GeneratedTable(docs.resolve(name));
            }
        }
        throw new IllegalStateException("no docs folder above " + Path.of("").toAbsolutePath());
    }

    /** What stands between the marks; replaced by the wanted table first if the run is to update the docs. */
    String currentOrUpdated(String wanted) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        if (begin < BEGIN.length() || end < begin) {
            throw new IllegalStateException(page + " has lost the marks around its generated part");
        }
        if (Boolean.getBoolean("auspex.docs.update")) {
            Files.writeString(page, text.substring(0, begin) + wanted + text.substring(end));
            return wanted;
        }
        return text.substring(begin, end);
    }

    /** A row; {@code |} inside a cell is escaped. */
    static String row(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** Heads and the line under them. */
    static String head(List<String> cells) {
        return row(cells) + row(cells.stream().map(cell -> "---").toList());
    }
}
