package dev.auspex.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SignerContractTest {

    private static final byte[] KEY = Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    @Test
    void shouldGiveTheKnownSignatureWhenTheVectorIsSigned() {
        Signer signer = new Signer(account -> KEY);
        byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 2; i++) { // a MAC that is used again begins anew
            assertThat(signer.sign(new AccountId("acme"), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330L, body))
                    .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        }
    }

    @Test
    void shouldUseTheKeyOfTheAccountWhenThereAreSeveral() {
        Signer signer = new Signer(account -> account.value().getBytes(StandardCharsets.UTF_8));
        String one = signer.sign(new AccountId("one"), "id", 1, new byte[0]);
        assertThat(signer.sign(new AccountId("two"), "id", 1, new byte[0])).isNotEqualTo(one);
        assertThat(signer.sign(new AccountId("one"), "id", 1, new byte[0])).isEqualTo(one);
    }
}
