package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.UsageRequest.Group;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.usage.Money;
import dev.auspex.protocol.usage.UsageRow;
import dev.auspex.protocol.usage.UsageTotal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Usage added up as it was asked for. Figures are decimal and exact: the lines add up to the total, and two reports of the
 * same days say the same. Immutable; safe for any thread.
 */
public final class UsageReport {

    private static final String LINE_END = "\r\n"; // RFC 4180

    private final UsageRequest request;
    private final Map<List<String>, UsageTotal> lines;
    private final UsageTotal total;

    /** @param rows of the days asked for, each key once */
    public UsageReport(UsageRequest request, List<UsageRow> rows) {
        this.request = request;
        this.lines = new TreeMap<>(UsageReport::compare);
        UsageTotal sum = UsageTotal.ZERO;
        for (UsageRow row : rows) {
            lines.merge(name(row.key()), row.total(), UsageTotal::plus);
            sum = sum.plus(row.total());
        }
        this.total = sum;
    }

    /** As JSON; costs are text, because they are exact. */
    public ObjectNode json() {
        ObjectNode json = Json.object()
                .put("from", request.from().toString())
                .put("to", request.to().toString())
                .put("currency", "USD");
        ArrayNode results = json.putArray("results");
        lines.forEach((names, each) -> {
            ObjectNode line = results.addObject();
            for (int i = 0; i < names.size(); i++) {
                line.put(request.groups().get(i).wireName(), names.get(i));
            }
            put(line, each);
        });
        put(json.putObject("total"), total);
        return json;
    }

    /** As a table with a line of names (RFC 4180), without the total. */
    public String csv() {
        StringBuilder table = new StringBuilder(Stream.concat(
                        request.groups().stream().map(Group::wireName),
                        Stream.of("attempts", "run_seconds", "billed_seconds", "cost_usd"))
                .collect(Collectors.joining(",", "", LINE_END)));
        // No value has a comma or a quote in it: they are days, names and decimals.
        lines.forEach((names, each) -> table.append(Stream.concat(
                        names.stream(),
                        Stream.of(Long.toString(each.attempts()), plain(each.ran()), plain(each.billed()),
                                each.cost().toString()))
                .collect(Collectors.joining(",", "", LINE_END))));
        return table.toString();
    }

    private List<String> name(UsageRow.Key key) {
        return request.groups().stream()
                .map(group -> switch (group) {
                    case DAY -> key.day().toString();
                    case MODEL -> key.model().toString();
                    case HARDWARE -> key.hardware().value();
                    case ACCOUNT -> key.account().value();
                })
                .toList();
    }

    private static int compare(List<String> one, List<String> other) {
        for (int i = 0; i < one.size(); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static void put(ObjectNode json, UsageTotal total) {
        json.put("attempts", total.attempts());
        json.put("run_seconds", new BigDecimal(plain(total.ran())));
        json.put("billed_seconds", new BigDecimal(plain(total.billed())));
        json.put("cost", total.cost().toString());
    }

    // The same rules for text as for money: no exponent, no zeros at the end.
    private static String plain(Duration time) {
        return new Money(Money.seconds(time)).toString();
    }
}
