package dev.auspex.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.chaos.Ledger.Count;
import dev.auspex.chaos.Submission.Kind;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A checker that could not fail would be worth nothing: every promise is broken here once, and nothing else with it. */
class ReckoningTest {

    private static final String ID = "p1";

    @Test
    void shouldFindNothingWhenEverythingWentWell() {
        Ledger ledger = kept();

        Reckoning reckoning = new Reckoning(ledger, true);

        assertThat(reckoning.promises()).isNotEmpty().allSatisfy((promise, broken) -> assertThat(broken).isZero());
        assertThat(reckoning.figures()).containsEntry("submitted", 1L).containsEntry("accepted", 1L)
                .containsEntry("ended succeeded", 1L);
    }

    static Stream<Arguments> brokenPromises() {
        return Stream.of(
                broken("lost", ledger -> ledger.submit(Kind.QUICK).accepted("p2")),
                broken("lost", ledger -> {
                    ledger.submit(Kind.QUICK).accepted("p2");
                    ledger.track("p2", 2).status("succeeded"); // ended, and its receiver never heard of it
                }),
                broken("with two terminal states", ledger -> ledger.track(ID, 1).status("failed")),
                broken("with two completed messages", ledger -> ledger.track(ID, 1).delivered("m9", "completed", 9)),
                broken("webhooks out of order", ledger -> ledger.track(ID, 1).delivered("m0", "output", 1)),
                broken("webhooks wrongly signed", ledger -> ledger.count(Count.UNSIGNED)),
                broken("wrong or mixed output", ledger -> ledger.count(Count.WRONG_OUTPUT)),
                broken("canceled, yet not canceled in the end", ledger -> ledger.submission(1).cancelAnswered()),
                broken("404 after a 2xx", ledger -> ledger.count(Count.NOT_FOUND)),
                broken("answers other than 2xx, 429, 503", ledger -> ledger.count(Count.UNEXPECTED_ANSWERS)),
                broken("429 or 503 without Retry-After", ledger -> ledger.count(Count.WITHOUT_RETRY_AFTER)),
                broken("second predictions under one key", ledger -> {
                    ledger.track("p2", 1).status("succeeded");
                    ledger.track("p2", 1).delivered("m8", "completed", 2);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenPromises")
    void shouldCountTheOnePromiseThatWasBroken(String promise, Consumer<Ledger> fault) {
        Ledger ledger = kept();

        fault.accept(ledger);

        Map<String, Long> promises = new Reckoning(ledger, true).promises();
        assertThat(promises).containsEntry(promise, 1L);
        assertThat(promises.values().stream().mapToLong(each -> each).sum()).isOne();
    }

    private static Arguments broken(String promise, Consumer<Ledger> fault) {
        return Arguments.of(promise, fault);
    }

    // One prediction, accepted, ended and told.
    private static Ledger kept() {
        Ledger ledger = new Ledger();
        ledger.submit(Kind.QUICK).accepted(ID);
        ledger.track(ID, 1).delivered("m1", "start", 1);
        ledger.track(ID, 1).delivered("m2", "completed", 2);
        ledger.track(ID, 1).delivered("m2", "completed", 2);
        ledger.track(ID, 1).status("succeeded");
        return ledger;
    }
}
