package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.gateway.app.TestModels;
import dev.auspex.gateway.domain.ApiException.InvalidField;
import dev.auspex.gateway.openapi.ApiDocument;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Priority;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.replay.ReplayFilter;
import dev.auspex.protocol.replay.ReplayOverrides;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayRequestReaderTest {

    private static final List<HardwareClass> CLASSES = List.of(new HardwareClass("cpu"), new HardwareClass("gpu-h100"));
    private static final VersionId ECHO = TestModels.ECHO.latest().id();

    private final ReplayRequestReader reader = new ReplayRequestReader(CLASSES);
    private final VisibleModels models =
            Catalogue.of(List.of(TestModels.ECHO, TestModels.PAINTER), Set.copyOf(CLASSES), Catalogue.EMPTY)
                    .seenBy(new AccountId("alice"));

    @Test
    void shouldTakeFailedOnesAsTheyWereWhenNothingIsSaid() throws Exception {
        ReplayDemand demand = read("{}");

        assertThat(demand.dryRun()).isFalse();
        assertThat(demand.spec().again()).isFalse();
        assertThat(demand.spec().rate()).isNull();
        assertThat(demand.spec().overrides()).isEqualTo(ReplayOverrides.NONE);
        assertThat(demand.spec().filter()).isEqualTo(new ReplayFilter(
                List.of(PredictionStatus.FAILED), null, null, null, null, List.of(), null, null));
    }

    @Test
    void shouldReadEverythingWhenEverythingIsSaid() throws Exception {
        ReplayDemand demand = read("""
                {'filter':{'status':['failed','canceled'],'model':'auspex/echo','version':'%s','hardware':'gpu-t4',
                  'error':'memory','ids':['01kdyak3see2pvzfhg7rstevqk'],'created_after':'2026-01-02T03:04:05Z',
                  'created_before':'2026-01-03'},
                 'overrides':{'version':'%s','hardware':'cpu','webhook':false,'priority':'low'},
                 'rate':2.5,'again':true,'dry_run':true}""".formatted("a".repeat(64), ECHO));

        assertThat(demand.dryRun()).isTrue();
        assertThat(demand.spec().again()).isTrue();
        assertThat(demand.spec().rate()).isEqualTo(2.5);
        assertThat(demand.spec().overrides()).isEqualTo(new ReplayOverrides(ECHO, new HardwareClass("cpu"), false, Priority.LOW));
        assertThat(demand.spec().filter()).isEqualTo(new ReplayFilter(
                List.of(PredictionStatus.FAILED, PredictionStatus.CANCELED),
                ModelName.of("auspex/echo"),
                new VersionId("a".repeat(64)),
                new HardwareClass("gpu-t4"),
                "memory",
                List.of(new PredictionId("01kdyak3see2pvzfhg7rstevqk")),
                Instant.parse("2026-01-02T03:04:05Z"),
                Instant.parse("2026-01-03T00:00:00Z")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                                                | ''
            {'filter':[]}                                     | filter
            {'filter':{'status':'starting'}}                  | filter.status
            {'filter':{'status':['failed','lost']}}           | filter.status.1
            {'filter':{'status':[]}}                          | filter.status
            {'filter':{'model':'echo'}}                       | filter.model
            {'filter':{'model':7}}                            | filter.model
            {'filter':{'version':'latest'}}                   | filter.version
            {'filter':{'hardware':'GPU'}}                     | filter.hardware
            {'filter':{'error':''}}                           | filter.error
            {'filter':{'ids':[]}}                             | filter.ids
            {'filter':{'ids':['x']}}                          | filter.ids
            {'filter':{'created_after':'yesterday'}}          | filter.created_after
            {'filter':{'created_after':'2026-01-02','created_before':'2026-01-01'}} | filter.created_before
            {'filter':{'account':'bob'}}                      | filter.account
            {'overrides':{'hardware':'gpu-b200'}}             | overrides.hardware
            {'overrides':{'hardware':'gpu-h100'},'filter':{'model':'acme/painter'}} | overrides.hardware
            {'overrides':{'version':'0000000000000000000000000000000000000000000000000000000000000000'}} | overrides.version
            {'overrides':{'webhook':'no'}}                    | overrides.webhook
            {'overrides':{'priority':'urgent'}}               | overrides.priority
            {'rate':0}                                        | rate
            {'rate':'fast'}                                   | rate
            {'again':'yes'}                                   | again
            {'dry_run':1}                                     | dry_run
            {'dryrun':true}                                   | dryrun
            """)
    void shouldNameTheFieldWhenSomethingIsWrong(String body, String field) {
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> read(body));

        assertThat(refusal.error().status()).isEqualTo(422);
        assertThat(refusal.invalidFields()).extracting(InvalidField::field).containsExactly(field);
    }

    private ReplayDemand read(String body) throws IOException {
        JsonNode json = Json.parse(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        ApiDocument.load().find("POST", "/v1/replays").orElseThrow().checkBody(json); // as the route does
        return reader.read(json, models);
    }
}
