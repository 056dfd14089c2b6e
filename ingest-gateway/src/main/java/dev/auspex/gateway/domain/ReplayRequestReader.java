package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Priority;
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

/** Reads the body of a replay request that has the documented form. Immutable; safe for any thread. */
public final class ReplayRequestReader {


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
        FieldProblems problems = new FieldProblems();
        Fields fields = new Fields(body, "", problems);
        ReplayFilter filter = filter(fields.object("filter"));
        ReplayOverrides overrides = overrides(fields.object("overrides"));
        check(filter, overrides, models, problems);
        Double rate = fields.number("rate");
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
                fields.list("status", ReplayRequestReader::end, "succeeded, failed, canceled or aborted"),
                fields.parsed("model", ModelName::parse, "owner/name"),
                fields.parsed("version", ReplayRequestReader::version, "64 lower-case hexadecimal digits"),
                fields.parsed("hardware", ReplayRequestReader::hardware, "the name of a hardware class"),
                fields.parsed("error", text -> Optional.of(text).filter(part -> !part.isEmpty()), "at least one character"),
                fields.list("ids", ReplayRequestReader::id, "prediction ids"),
                after,
                before);
    }

    private static ReplayOverrides overrides(Fields fields) {
        return new ReplayOverrides(
                fields.parsed("version", ReplayRequestReader::version, "64 lower-case hexadecimal digits"),
                fields.parsed("hardware", ReplayRequestReader::hardware, "the name of a hardware class"),
                fields.bool("webhook"),
                fields.parsed("priority", Priority::parse, "normal or low"));
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

        Fields object(String name) {
            JsonNode value = value(name);
            return new Fields(value == null ? Json.object() : value, prefix + name + ".", problems);
        }

        <T> @Nullable T parsed(String name, Function<String, Optional<T>> parser, String expected) {
            JsonNode value = value(name);
            if (value == null) {
                return null;
            }
            Optional<T> read = parser.apply(value.textValue());
            if (read.isEmpty()) {
                problem(name, FieldProblems.FORMAT, "expected " + expected);
            }
            return read.orElse(null);
        }

        <T> List<T> list(String name, Function<String, Optional<T>> parser, String expected) {
            JsonNode value = value(name);
            if (value == null) {
                return List.of();
            }
            if (value.isTextual()) {
                T one = parsed(name, parser, expected);
                return one == null ? List.of() : List.of(one);
            }
            List<T> all = new ArrayList<>(value.size());
            for (JsonNode element : value) {
                Optional<T> read = parser.apply(element.textValue());
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
            return value == null ? null : value.doubleValue();
        }

        @Nullable Boolean bool(String name) {
            JsonNode value = value(name);
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
