package dev.auspex.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The table in {@code docs/api-compatibility.md}: which client's call is proven how. */
final class CompatibilityTable {

    private static final Path PAGE = Path.of("..", "docs", "api-compatibility.md");
    /** In the order of the columns. */
    private static final List<String> CLIENTS = List.of("js", "python1", "beta", "go");
    private static final int FIRST_CLIENT = 3;

    private CompatibilityTable() {}

    /** Each call with the clients whose wire form is tested. */
    static TreeMap<String, Set<String>> wired() throws IOException {
        TreeMap<String, Set<String>> calls = new TreeMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("| `")) {
                String[] cells = Arrays.stream(line.split("\\|")).map(String::strip).toArray(String[]::new);
                if (cells.length == FIRST_CLIENT + CLIENTS.size() + 1) {
                    Set<String> clients = new TreeSet<>();
                    for (int i = 0; i < CLIENTS.size(); i++) {
                        if (cells[FIRST_CLIENT + i].contains("wire")) {
                            clients.add(CLIENTS.get(i));
                        }
                    }
                    calls.put(cells[1].replace("`", ""), clients);
                }
            }
        }
        return calls;
    }
}
