package dev.auspex.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The checked settings of a process. Immutable; safe for any thread. */
public final class Settings {

    /** Variables of the launcher, which the services do not read. */
    private static final List<String> LAUNCHER_VARIABLES = List.of("AUSPEX_HEAP", "AUSPEX_CONFIG", "AUSPEX_JAVA_OPTS");

    private final Map<ConfigKey<?>, Object> values;

    private Settings(Map<ConfigKey<?>, Object> values) {
        this.values = values;
    }

    /**
     * Reads {@code AUSPEX_…} variables and, under them, the file that {@code AUSPEX_CONFIG} names.
     *
     * @throws ConfigException with every problem: unknown keys, unreadable values, values out of bounds
     */
    public static Settings load(Map<String, String> environment) {
        return load(environment, Map.of());
    }

    /** The same with defaults, by key name, that stand in for the keys' own. */
    public static Settings load(Map<String, String> environment, Map<String, String> defaults) {
        List<String> problems = new ArrayList<>();
        Map<String, String> raw = new HashMap<>(defaults);
        String file = environment.get("AUSPEX_CONFIG");
        if (file != null && !file.isBlank()) {
            readFile(Path.of(file), raw, problems);
        }
        Map<String, String> variables = new HashMap<>();
        Keys.all().forEach(key -> variables.put(key.variable(), key.name()));
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.startsWith("AUSPEX_") && !LAUNCHER_VARIABLES.contains(name)) {
                String key = variables.get(name);
                if (key == null) {
                    problems.add(name + ": no such setting");
                } else {
                    raw.put(key, value);
                }
            }
        });
        return check(raw, problems);
    }

    /** Settings from key names and texts, for tests and for processes that start others. */
    public static Settings of(Map<String, String> raw) {
        return check(new HashMap<>(raw), new ArrayList<>());
    }

    /** The value of a key that has a default. @throws ConfigException if it is absent all the same */
    public <T> T get(ConfigKey<T> key) {
        return find(key).orElseThrow(
                () -> new ConfigException(key.name() + " (" + key.variable() + "): missing, expected " + key.expected()));
    }

    /** The value of a key that may be absent. */
    @SuppressWarnings("unchecked") // check() stored what the key's own parser returned
    public <T> Optional<T> find(ConfigKey<T> key) {
        return Optional.ofNullable((T) values.get(key));
    }

    /** These settings with one key replaced. */
    public <T> Settings with(ConfigKey<T> key, T value) {
        Map<ConfigKey<?>, Object> changed = new LinkedHashMap<>(values);
        changed.put(key, value);
        return new Settings(changed);
    }

    /** Key names and values for the log; secrets hide themselves. */
    public Map<String, String> effective() {
        Map<String, String> shown = new LinkedHashMap<>();
        values.forEach((key, value) -> shown.put(key.name(), value.toString()));
        return shown;
    }

    private static Settings check(Map<String, String> raw, List<String> problems) {
        Map<ConfigKey<?>, Object> values = new LinkedHashMap<>();
        for (ConfigKey<?> key : Keys.all()) {
            String given = raw.remove(key.name());
            String text = given == null ? key.defaultValue() : given;
            if (text != null) {
                read(key, text, values, problems);
            }
        }
        new TreeMap<>(raw).keySet().forEach(unknown -> problems.add(unknown + ": no such setting"));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Settings(values);
    }

    private static <T> void read(
            ConfigKey<T> key, String text, Map<ConfigKey<?>, Object> values, List<String> problems) {
        try {
            values.put(key, key.parser().parse(text));
        } catch (IllegalArgumentException | ArithmeticException e) {
            boolean hidden = key == Keys.SECRET || key == Keys.TOKENS || key == Keys.WEBHOOK_PROXY;
            problems.add(key.name() + " (" + key.variable() + "): is " + (hidden ? "(hidden)" : "'" + text + "'")
                    + ", expected " + key.expected());
        }
    }

    private static void readFile(Path file, Map<String, String> raw, List<String> problems) {
        try {
            flatten("", new ObjectMapper(new YAMLFactory()).readTree(file.toFile()), raw);
        } catch (IOException e) {
            problems.add("AUSPEX_CONFIG: cannot read " + file + ": " + firstLine(e.getMessage()));
        }
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> raw) {
        if (node.isObject()) {
            node.properties().forEach(entry ->
                    flatten(prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey(), entry.getValue(), raw));
        } else if (node.isArray()) {
            List<String> parts = new ArrayList<>();
            node.forEach(element -> parts.add(element.asText()));
            raw.put(prefix, String.join(",", parts));
        } else if (!node.isMissingNode()) {
            raw.put(prefix, node.asText());
        }
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "" : message.lines().findFirst().orElse("");
    }
}
