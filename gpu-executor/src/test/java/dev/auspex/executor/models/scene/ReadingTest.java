package dev.auspex.executor.models.scene;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which words choose what. */
class ReadingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Waves on a stormy SEA at dusk | OCEAN | SUNSET",
        "skyscrapers and neon streets, midnight | CITY | NIGHT",
        "pine forests below snowy mountains at dawn | HILLS | DAWN",
        "glossy abstract balls | SPHERES | DAY",
        "flying through a futuristic tunnel | TUNNEL | DAY",
        "Saturn and its rings among stars | PLANETS | DAY",
        "the city by the sea: towers, streets, traffic | CITY | DAY",
        "qwertz | SPHERES | DAY",
        "' ' | SPHERES | DAY"
    })
    void shouldChooseTheSceneMostWordsSpeakOfWhenRead(String prompt, Family family, Mood mood) {
        Reading reading = Reading.of(prompt);

        assertThat(reading.family()).isEqualTo(family);
        assertThat(reading.mood()).isEqualTo(mood);
    }

    @Test
    void shouldTakeWeatherAndColoursWhenNamed() {
        Reading reading = Reading.of("red and blue spheres in fog, red again, and green");

        assertThat(reading.weather()).containsExactly(Reading.Weather.FOG);
        assertThat(reading.colours()).hasSize(2);
        assertThat(reading.known()).containsExactly("red", "blue", "spheres", "fog");
    }
}
