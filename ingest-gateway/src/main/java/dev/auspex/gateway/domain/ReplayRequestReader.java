package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.replay.ReplayFilter;
import dev.auspex.protocol.replay.ReplayOverrides;
import dev.auspex.protocol.replay.ReplaySpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the body of a replay request; the schema is closed. Immutable; safe for any thread. */
public final class ReplayRequestReader {

    private static final int MAX_IDS = 1_000;
    private static final Set<String> FIELDS = Set.of("filter", "overrides", "rate", "again", "dry_run");
    private static final Set<String> FILTER = Set.of(
            "status", "model", "version", "hardware", "error", "ids", "created_after", "created_before");
    private static final Set<String> OVERRIDES = Set.of("version", "hardware", "webhook");

    private final Set<HardwareClass> classes;

    /** @param classes the hardware of this installation */
    public ReplayRequestReader(List<HardwareClass> classes) {
        this.classes = Set.copyOf(classes);
    }

    /**
     * Reads a body.
     *
     * @param models what overrides can name
     * @throws ApiException 422 with every field that is wrong
     */
    public ReplayDemand read(JsonNode body, VisibleModels models) {
        if (!body.isObject()) {
            throw ApiException.invalid("", FieldProblems.INVALID_TYPE, "the body must be a JSON object");
        }
        FieldProblems problems = new FieldProblems();
        Fields fields = new Fields(body, "", problems).known(FIELDS);
        ReplayFilter filter = filter(fields.object("filter").known(FILTER));
        ReplayOverrides overrides = overrides(fields.object("overrides").known(OVERRIDES));
        check(filter, overrides, models, problems);
        Double rate = fields.number("rate");
        if (rate != null && !(rate > 0 && rate <= ReplaySpec.MAX_RATE)) {
            problems.add("rate", FieldProblems.FORMAT, "expected more than 0 and at most 1000000 jobs per second");
            rate = null;
        }
        boolean again = Boolean.TRUE.equals(fields.bool("again"));
        boolean dryRun = Boolean.TRUE.equals(fields.bool("dry_run"));
        problems.throwIfAny();
        return new ReplayDemand(new ReplaySpec(filter, overrides, rate, again), dryRun);
    }

    private static ReplayFilter filter(Fields fields) {
        Instant after = fields.time("created_after");
        Instant before = fields.time("created_before");
        if (after != null && before != null && !after.isBefore(before)) {
            fields.problem("created_before", FieldProblems.FORMAT, "expected a time after created_after");
        }
        return new ReplayFilter(
                fields.list("status", true, ReplayRequestReader::end, "succeeded, failed, canceled or aborted"),
                fields.parsed("model", ModelName::parse, "owner/name"),
                fields.parsed("version", ReplayRequestReader::version, "64 lower-case hexadecimal digits"),
                fields.parsed("hardware", ReplayRequestReader::hardware, "the name of a hardware class"),
                fields.parsed("error", text -> Optional.of(text).filter(part -> !part.isEmpty()), "at least one character"),
                fields.list("ids", false, ReplayRequestReader::id, "prediction ids"),
                after,
                before);
    }

    private static ReplayOverrides overrides(Fields fields) {
        return new ReplayOverrides(
                fields.parsed("version", ReplayRequestReader::version, "64 lower-case hexadecimal digits"),
                fields.parsed("hardware", ReplayRequestReader::hardware, "the name of a hardware class"),
                fields.bool("webhook"));
    }

    // What could only be skipped is refused at once where that is certain.
    private void check(ReplayFilter filter, ReplayOverrides overrides, VisibleModels models, FieldProblems problems) {
        VersionId version = overrides.version();
        if (version != null && models.models().stream().noneMatch(model -> (filter.model() == null
                || filter.model().equals(model.name())) && model.version(version).isPresent())) {
            problems.add("overrides.version", "invalid_version", filter.model() == null
                    ? "the specified version does not exist"
                    : filter.model() + " has no such version");
        }
        HardwareClass hardware = overrides.hardware();
        if (hardware == null) {
            return;
        }
        if (!classes.contains(hardware)) {
            problems.add("overrides.hardware", FieldProblems.ENUM, "this installation has no hardware class " + hardware);
        } else if (filter.model() != null
                && models.model(filter.model()).filter(model -> !model.hardware().contains(hardware)).isPresent()) {
            problems.add("overrides.hardware", FieldProblems.ENUM, filter.model() + " does not run on " + hardware);
        }
    }

    private static Optional<PredictionStatus> end(String text) {
        for (PredictionStatus status : PredictionStatus.values()) {
            if (status.isTerminal() && status.wireName().equals(text)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    private static Optional<VersionId> version(String text) {
        return VersionId.isValid(text) ? Optional.of(new VersionId(text)) : Optional.empty();
    }

    private static Optional<HardwareClass> hardware(String text) {
        return HardwareClass.isValid(text) ? Optional.of(new HardwareClass(text)) : Optional.empty();
    }

    private static Optional<PredictionId> id(String text) {
        return PredictionId.isValid(text) ? Optional.of(new PredictionId(text)) : Optional.empty();
    }

    /** The fields of one object, with problems under their dotted paths. JSON's null is as good as absent. */
    private record Fields(JsonNode object, String prefix, FieldProblems problems) {

        Fields known(Set<String> names) {
            object.fieldNames().forEachRemaining(name -> {
                if (!names.contains(name)) {
                    problem(name, FieldProblems.ADDITIONAL_PROPERTY, "additional property " + name + " is not allowed");
                }
            });
            return this;
        }

        Fields object(String name) {
            JsonNode value = value(name);
            if (value != null && !value.isObject()) {
                problem(name, FieldProblems.INVALID_TYPE, "expected an object");
                value = null;
            }
            return new Fields(value == null ? Json.object() : value, prefix + name + ".", problems);
        }

        <T> @Nullable T parsed(String name, Function<String, Optional<T>> parser, String expected) {
            JsonNode value = value(name);
            if (value == null) {
                return null;
            }
            Optional<T> read = value.isTextual() ? parser.apply(value.textValue()) : Optional.empty();
            if (read.isEmpty()) {
                problem(name, value.isTextual() ? FieldProblems.FORMAT : FieldProblems.INVALID_TYPE, "expected " + expected);
            }
            return read.orElse(null);
        }

        <T> List<T> list(String name, boolean orText, Function<String, Optional<T>> parser, String expected) {
            JsonNode value = value(name);
            if (value == null) {
                return List.of();
            }
            if (orText && value.isTextual()) {
                T one = parsed(name, parser, expected);
                return one == null ? List.of() : List.of(one);
            }
            if (!value.isArray() || value.isEmpty() || value.size() > MAX_IDS) {
                problem(name, FieldProblems.INVALID_TYPE, "expected an array of 1 to " + MAX_IDS + " strings: " + expected);
                return List.of();
            }
            List<T> all = new ArrayList<>(value.size());
            for (JsonNode element : value) {
                Optional<T> read = element.isTextual() ? parser.apply(element.textValue()) : Optional.empty();
                if (read.isEmpty()) {
                    problem(name, FieldProblems.FORMAT, "expected only " + expected);
                    return List.of();
                }
                all.add(read.get());
            }
            return all;
        }

        @Nullable Instant time(String name) {
            return parsed(name, ReplayRequestReader::time, "an ISO 8601 time such as 2026-01-31T12:00:00Z");
        }

        @Nullable Double number(String name) {
            JsonNode value = value(name);
            if (value != null && !value.isNumber()) {
                problem(name, FieldProblems.INVALID_TYPE, "expected a number");
                return null;
            }
            return value == null ? null : value.doubleValue();
        }

        @Nullable Boolean bool(String name) {
            JsonNode value = value(name);
            if (value != null && !value.isBoolean()) {
                problem(name, FieldProblems.INVALID_TYPE, "expected true or false");
                return null;
            }
            return value == null ? null : value.booleanValue();
        }

        void problem(String name, String type, String description) {
            problems.add(prefix + name, type, description);
        }

        private @Nullable JsonNode value(String name) {
            JsonNode value = object.get(name);
            return value == null || value.isNull() ? null : value;
        }
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(PredictionQuery.instant(text));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
