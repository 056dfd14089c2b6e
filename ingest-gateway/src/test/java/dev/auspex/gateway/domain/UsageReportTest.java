package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.usage.Money;
import dev.auspex.protocol.usage.UsageRow;
import dev.auspex.protocol.usage.UsageTotal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageReportTest {

    private static final LocalDate TODAY = LocalDate.parse("2026-03-05");

    private static UsageRequest request(String... parameters) {
        Map<String, String> query = new java.util.HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            query.put(parameters[i], parameters[i + 1]);
        }
        return UsageRequest.parse(query::get, TODAY);
    }

    private static UsageRow row(int day, String model, String hardware, long micros, String cost) {
        return new UsageRow(
                new UsageRow.Key(
                        new AccountId("acme"), LocalDate.of(2026, 3, day), ModelName.of(model), new HardwareClass(hardware)),
                new UsageTotal(1, Duration.ofSeconds(3), Duration.ofNanos(micros * 1_000), Money.of(cost)));
    }

    private static final List<UsageRow> ROWS = List.of(
            row(1, "acme/a", "cpu", 100_000, "0.1"), row(1, "acme/b", "cpu", 200_000, "0.2"),
            row(2, "acme/a", "gpu-h100", 1, "0.000000001525"));

    @Test
    void shouldBeThisMonthByDayWhenNothingIsAsked() {
        UsageRequest request = request();

        assertThat(request).isEqualTo(new UsageRequest(
                LocalDate.parse("2026-03-01"), TODAY, List.of(UsageRequest.Group.DAY), false, false));
        assertThat(new UsageReport(request, ROWS).json()).hasToString(
                "{\"from\":\"2026-03-01\",\"to\":\"2026-03-05\",\"currency\":\"USD\",\"results\":["
                        + "{\"day\":\"2026-03-01\",\"attempts\":2,\"run_seconds\":6,\"billed_seconds\":0.3,\"cost\":\"0.3\"},"
                        + "{\"day\":\"2026-03-02\",\"attempts\":1,\"run_seconds\":3,\"billed_seconds\":0.000001,"
                        + "\"cost\":\"0.000000001525\"}],"
                        + "\"total\":{\"attempts\":3,\"run_seconds\":9,\"billed_seconds\":0.300001,"
                        + "\"cost\":\"0.300000001525\"}}");
    }

    @Test
    void shouldBeATableInTheOrderAskedForWhenItIsCsv() {
        assertThat(new UsageReport(request("group_by", "model,hardware", "format", "csv"), ROWS).csv()).isEqualTo(
                """
                model,hardware,attempts,run_seconds,billed_seconds,cost_usd\r
                acme/a,cpu,1,3,0.1,0.1\r
                acme/a,gpu-h100,1,3,0.000001,0.000000001525\r
                acme/b,cpu,1,3,0.2,0.2\r
                """);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"from,yesterday,expected a day", "to,2026-13-01,expected a day",
        "from,2026-03-06,not after 2026-03-05", "from,2020-01-01,at most 400 days", "group_by,`day,colour`,day\\, model",
        "group_by,``,day\\, model", "format,xml,json or csv", "recount,yes,false or true"})
    void shouldNameTheFieldWhenSomethingCannotBeRead(String name, String value, String expected) {
        assertThatThrownBy(() -> request(name, value))
                .asInstanceOf(InstanceOfAssertFactories.type(ApiException.class))
                .satisfies(refused -> {
                    assertThat(refused.invalidFields().getFirst().field()).isEqualTo(name);
                    assertThat(refused).hasMessageContaining(expected.replace("\\", ""));
                });
    }
}
