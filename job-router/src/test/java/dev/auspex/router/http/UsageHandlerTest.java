package dev.auspex.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.usage.Money;
import dev.auspex.protocol.usage.UsagePart;
import dev.auspex.protocol.usage.UsageRow;
import dev.auspex.protocol.usage.UsageTotal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageHandlerTest {

    private static final UsageRow ROW = new UsageRow(
            new UsageRow.Key(
                    new AccountId("acme"), LocalDate.parse("2026-03-01"), ModelName.of("acme/painter"),
                    new HardwareClass("cpu")),
            new UsageTotal(1, Duration.ofSeconds(2), Duration.ofSeconds(1), Money.of("0.5")));

    @Test
    void shouldCountAPartitionOnceWhenTwoRoutersAnswerForIt() {
        List<UsagePart> parts = List.of(
                new UsagePart(0, List.of(ROW)), new UsagePart(1, List.of(ROW)), new UsagePart(1, List.of(ROW)));

        assertThat(UsageHandler.merge(parts, 2))
                .containsExactly(new UsageRow(ROW.key(), ROW.total().plus(ROW.total())));
    }

    @Test
    void shouldNotAnswerWithLessThanEverythingWhenAPartitionIsMissing() {
        assertThatThrownBy(() -> UsageHandler.merge(List.of(new UsagePart(1, List.of(ROW))), 2))
                .hasMessage("only 1 of 2 partitions answered");
    }
}
