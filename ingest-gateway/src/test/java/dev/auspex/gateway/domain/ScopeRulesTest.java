package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.access.Scope;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeRulesTest {

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/predictions,predictions:read",
        "GET,/v1/predictions/x/deliveries,predictions:read",
        "POST,/v1/predictions,predictions:write",
        "POST,/v1/predictions/x/cancel,predictions:write",
        "POST,/v1/models/o/n/predictions,predictions:write",
        "POST,/v1/models/o/n/predictions//,predictions:write",
        "POST,/v1/deployments/o/n/predictions,predictions:write",
        "POST,/v1/replays,predictions:write",
        "POST,/v1/dead/x/requeue,predictions:write",
        "GET,/v1/dead,predictions:read",
        "DELETE,/v1/files/x,files",
        "GET,/v1/files,files",
        "GET,/v1/webhooks/default/secret,webhooks",
        "PATCH,/v1/deployments/o/n,models:write",
        "POST,/v1/models,models:write",
        "POST,/v1/trainings,models:write",
        "GET,/v1/usage/,usage",
        "GET,/v1/tokens,tokens",
        "GET,/v1/accounts,admin",
        "POST,/v1/anything,models:write",
        "GET,/v1/models/o/n,",
        "QUERY,/v1/models,",
        "GET,/v1/account,",
        "GET,/v1/,",
        "GET,/v1,"
    })
    void shouldNeedTheScopeOfItsAreaWhenARequestComes(String method, String path, String scope) {
        assertThat(ScopeRules.needed(method, path).map(Scope::wireName)).isEqualTo(Optional.ofNullable(scope));
    }
}
