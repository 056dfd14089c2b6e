package dev.auspex.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against ECMA-262, Number::toString, and against a JavaScript engine where there is one. */
class JavaScriptNumberContractTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0", "-0.0, 0", "5.0, 5", "-5, -5", "0.1, 0.1", "1e2, 100", "1.25e-2, 0.0125", "100, 100",
        "123456789012345680000, 123456789012345680000", "1e20, 100000000000000000000", "1e21, 1e+21",
        "1.5e300, 1.5e+300", "0.000001, 0.000001", "0.0000001, 1e-7", "1.2e-7, 1.2e-7", "5e-324, 5e-324", "1e-323, 1e-323", "1.5e-323, 1.5e-323",
        "1.7976931348623157e308, 1.7976931348623157e+308", "9007199254740991, 9007199254740991",
        "9007199254740993, 9007199254740992", "-9007199254740993, -9007199254740992",
        "9223372036854775807, 9223372036854776000", "123456789012345678901234567890, 1.2345678901234568e+29",
        "2e-3, 0.002", "4.35, 4.35", "0.30000000000000004, 0.30000000000000004", "1e400, null", "-1e400, null"
    })
    void shouldPrintAsJavaScriptDoesWhenANumberIsRead(String json, String expected) throws Exception {
        assertThat(PredictionJson.text(Json.parse(json.getBytes(StandardCharsets.US_ASCII)))).isEqualTo(expected);
    }

    @Test
    void shouldPrintAsTheEngineDoesWhenNumbersAreRandom() throws Exception {
        long seed = System.nanoTime();
        List<String> numbers = numbers(new Random(seed));
        StringBuilder ours = new StringBuilder();
        for (String number : numbers) {
            ours.append(PredictionJson.text(Json.parse(number.getBytes(StandardCharsets.US_ASCII)))).append('\n');
        }

        String theirs = NodeProcess.run(
                "require('fs').readFileSync(0,'utf8').trimEnd().split('\\n')"
                        + ".forEach(n => console.log(JSON.stringify(JSON.parse(n))))",
                String.join("\n", numbers));

        assertThat(ours.toString().split("\n")).as("seed %s", seed).isEqualTo(theirs.split("\n"));
    }

    private static List<String> numbers(Random random) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            double any = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(any)) {
                numbers.add(Double.toString(any));
            }
            numbers.add(Double.toString(Double.longBitsToDouble(random.nextLong() >>> (12 + random.nextInt(52)))));
            numbers.add(Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(50) - 25)));
            numbers.add(Long.toString(random.nextLong() >> random.nextInt(64)));
            numbers.add(new BigInteger(1 + random.nextInt(200), random).toString());
            numbers.add(random.nextInt(1000) + "." + random.nextInt(1000) + "e" + (random.nextInt(60) - 30));
        }
        return numbers;
    }
}
