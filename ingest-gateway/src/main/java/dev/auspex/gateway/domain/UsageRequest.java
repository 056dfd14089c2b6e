package dev.auspex.gateway.domain;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to know of usage.
 *
 * @param from the first day, in UTC
 * @param to the last day
 * @param groups what to add up by, in this order; empty for one sum
 * @param csv whether as a table and not as JSON
 * @param recount whether counted anew from the topic
 */
public record UsageRequest(LocalDate from, LocalDate to, List<Group> groups, boolean csv, boolean recount) {

    private static final int MAX_DAYS = 400;

    /** What usage can be added up by. */
    public enum Group {
        DAY,
        MODEL,
        HARDWARE,
        ACCOUNT;

        private final String wireName = name().toLowerCase(Locale.ROOT);

        /** The name in queries and answers. */
        public String wireName() {
            return wireName;
        }
    }

    /** Copies the list. */
    public UsageRequest {
        groups = List.copyOf(groups);
    }

    /**
     * Reads the query parameters; without days it is this month.
     *
     * @param parameter gives a query parameter's value or {@code null}
     * @param today in UTC
     * @throws ApiException 422 naming what cannot be read
     */
    public static UsageRequest parse(Function<String, @Nullable String> parameter, LocalDate today) {
        FieldProblems problems = new FieldProblems();
        LocalDate to = day("to", parameter.apply("to"), today, problems);
        LocalDate first = to.isBefore(today) ? to.withDayOfMonth(1) : today.withDayOfMonth(1);
        LocalDate from = day("from", parameter.apply("from"), first, problems);
        if (from.isAfter(to)) {
            problems.add("from", FieldProblems.FORMAT, "expected a day that is not after " + to + ", got " + from);
        } else if (from.isBefore(to.minusDays(MAX_DAYS))) {
            problems.add("from", FieldProblems.FORMAT, "expected at most " + MAX_DAYS + " days before " + to + ", got " + from);
        }
        List<Group> groups = groups(parameter.apply("group_by"), problems);
        String format = choice("format", parameter.apply("format"), List.of("json", "csv"), problems);
        String recount = choice("recount", parameter.apply("recount"), List.of("false", "true"), problems);
        problems.throwIfAny();
        return new UsageRequest(from, to, groups, format.equals("csv"), recount.equals("true"));
    }

    private static LocalDate day(String name, @Nullable String text, LocalDate absent, FieldProblems problems) {
        if (text == null) {
            return absent;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            problems.add(name, FieldProblems.FORMAT, "expected a day such as 2026-01-31");
            return absent;
        }
    }

    private static List<Group> groups(@Nullable String text, FieldProblems problems) {
        if (text == null) {
            return List.of(Group.DAY);
        }
        List<Group> groups = new ArrayList<>();
        for (String name : text.split(",")) {
            Stream.of(Group.values()).filter(group -> group.wireName().equals(name.strip())).findFirst().ifPresentOrElse(
                    group -> {
                        if (!groups.contains(group)) {
                            groups.add(group);
                        }
                    },
                    () -> problems.add("group_by", FieldProblems.ENUM, "expected some of "
                            + Stream.of(Group.values()).map(Group::wireName).collect(Collectors.joining(", "))
                            + ", separated by commas"));
        }
        return groups;
    }

    // The first one is what holds if none is given.
    private static String choice(String name, @Nullable String text, List<String> known, FieldProblems problems) {
        if (text != null && !known.contains(text)) {
            problems.add(name, FieldProblems.ENUM, "expected " + String.join(" or ", known));
        }
        return text == null || !known.contains(text) ? known.getFirst() : text;
    }
}
