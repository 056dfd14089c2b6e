package dev.auspex.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SignatureCheckTest {

    // The published sample of Replicate's webhook documentation.
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String TIMESTAMP = "1614265330";
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.US_ASCII);
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    @Test
    void shouldAcceptWhenAnySignatureOfTheListIsRight() {
        SignatureCheck check = new SignatureCheck(SECRET, 1);

        check.look(ID, TIMESTAMP, SIGNATURE, BODY);
        check.look(ID, TIMESTAMP, "v1,AAAA " + SIGNATURE, BODY);

        assertThat(check.checked()).isEqualTo(2);
        assertThat(check.wrong()).isZero();
    }

    @Test
    void shouldCountAsWrongWhenAnythingDiffersOrIsMissing() {
        SignatureCheck check = new SignatureCheck(SECRET, 1);

        check.look(ID, "1614265331", SIGNATURE, BODY);
        check.look(ID, TIMESTAMP, SIGNATURE, new byte[0]);
        check.look(ID, TIMESTAMP, null, BODY);
        check.look(null, TIMESTAMP, SIGNATURE, BODY);

        assertThat(check.wrong()).isEqualTo(4);
    }

    @Test
    void shouldLookAtEveryNthWhenSampling() {
        SignatureCheck check = new SignatureCheck(SECRET, 3);

        for (int i = 0; i < 7; i++) {
            check.look(ID, TIMESTAMP, SIGNATURE, BODY);
        }

        assertThat(check.checked()).isEqualTo(3);
    }
}
