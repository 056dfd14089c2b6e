package dev.auspex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables accept exactly what the documented forms, written as regular expressions, accept. */
class IdFormTest {

    private static final long SEED = 20_260_101;

    static Stream<Arguments> forms() {
        return Stream.of(
                form("AccountId", "[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?", AccountId::isValid),
                form("AttemptId", "[0-9a-z]{20,32}", AttemptId::isValid),
                form("ClaimId", "[0-9a-f]{64}", ClaimId::isValid),
                form("ExecutorId", "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?", ExecutorId::isValid),
                form("HardwareClass", "[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?", HardwareClass::isValid),
                form("VersionId", "[0-9a-f]{64}", VersionId::isValid),
                form(
                        "ModelName",
                        "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?",
                        text -> ModelName.parse("owner/" + text).isPresent()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void shouldAgreeWithTheDocumentedFormWhenTextsAreAnything(String name, Pattern form, Predicate<String> isValid) {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            String text = text(random);

            assertThat(isValid.test(text)).as("'%s', seed %d", text, SEED).isEqualTo(form.matcher(text).matches());
        }
    }

    private static Arguments form(String name, String expression, Predicate<String> isValid) {
        return Arguments.of(name, Pattern.compile(expression), isValid);
    }

    // Mostly acceptable characters, lengths around every bound, now and then anything at all.
    private static String text(Random random) {
        String likely = random.nextBoolean() ? "abcdef0123456789" : "abzAZ09_-.";
        int[] lengths = {0, 1, 2, 19, 20, 32, 33, 47, 48, 49, 63, 64, 65, 99, 100, 101};
        StringBuilder text = new StringBuilder();
        for (int left = lengths[random.nextInt(lengths.length)]; left > 0; left--) {
            text.append(random.nextInt(300) == 0
                    ? (char) random.nextInt(0x200)
                    : likely.charAt(random.nextInt(likely.length())));
        }
        return text.toString();
    }
}
