package dev.auspex.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.usage.Money;
import dev.auspex.protocol.usage.UsageRow;
import dev.auspex.protocol.usage.UsageTotal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTableTest {

    private static final LocalDate DAY = LocalDate.parse("2026-03-01");

    private final SortedStore store = new SortedStore();
    private final UsageTable table = new UsageTable(store);

    private static UsageRow row(String account, LocalDate day, String hardware, long millis) {
        return new UsageRow(
                new UsageRow.Key(new AccountId(account), day, ModelName.of("acme/painter"), new HardwareClass(hardware)),
                new UsageTotal(1, Duration.ofMillis(2 * millis), Duration.ofMillis(millis), Money.of("0.1")));
    }

    private List<UsageRow> read(String account, LocalDate from, LocalDate to) {
        return UsageTable.read(store, new AccountId(account), from, to);
    }

    @Test
    void shouldAddUpAcrossRestartsWhenKeysAreTheSame() {
        table.add(row("acme", DAY, "cpu", 1_500));
        table.add(row("acme", DAY, "cpu", 500));
        new UsageTable(store).add(row("acme", DAY, "cpu", 1));
        table.add(row("acme", DAY, "gpu-h100", 7));

        assertThat(read("acme", DAY, DAY)).containsExactly(
                new UsageRow(row("acme", DAY, "cpu", 0).key(), new UsageTotal(
                        3, Duration.ofMillis(4_002), Duration.ofMillis(2_001), Money.of("0.3"))),
                row("acme", DAY, "gpu-h100", 7));
    }

    @Test
    void shouldGiveTheDaysOfOneAccountWhenNamesBeginAlike() {
        for (String account : List.of("a", "a-b", "a0", "ab")) {
            for (int day = 0; day < 4; day++) {
                table.add(row(account, DAY.plusDays(day), "cpu", day));
            }
        }

        assertThat(read("a", DAY.plusDays(1), DAY.plusDays(2)))
                .containsExactly(row("a", DAY.plusDays(1), "cpu", 1), row("a", DAY.plusDays(2), "cpu", 2));
        assertThat(UsageTable.read(store, null, DAY, DAY)).hasSize(4);
    }

    @Test
    void shouldForgetOldDaysBitByBitWhenSwept() {
        for (int day = 0; day < 10; day++) {
            table.add(row("a", DAY.plusDays(day), "cpu", day));
            table.add(row("b", DAY.plusDays(day), "cpu", day));
        }

        for (int run = 0; run < 10; run++) {
            table.sweep(DAY.plusDays(8), 3);
        }

        assertThat(UsageTable.read(store, null, DAY, DAY.plusDays(9))).extracting(each -> each.key().day())
                .containsExactly(DAY.plusDays(8), DAY.plusDays(9), DAY.plusDays(8), DAY.plusDays(9));
        table.add(row("a", DAY, "cpu", 3));
        assertThat(read("a", DAY, DAY)).as("what was forgotten does not come back").containsExactly(row("a", DAY, "cpu", 3));
    }
}
