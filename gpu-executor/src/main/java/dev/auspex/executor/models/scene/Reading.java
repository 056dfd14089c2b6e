package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.Vec.vec;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a prompt asks for, word by word.
 *
 * @param family the family most words speak of; {@link Family#SPHERES} when none does
 * @param mood the time of day
 * @param weather what the air does
 * @param colours colours that are named, at most two
 * @param known the words that counted
 */
record Reading(Family family, Mood mood, Set<Weather> weather, List<Vec> colours, List<String> known) {

    /** What the air does. */
    enum Weather {
        /** Thick air. */
        FOG,
        /** High waves, dark clouds. */
        STORM,
        /** No clouds. */
        CLEAR,
        /** Many clouds. */
        CLOUDS,
        /** Snow lies. */
        SNOW,
        /** Rings around a planet of gas. */
        RINGS
    }

    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    private static final Map<Family, Set<String>> FAMILIES = Map.of(
            Family.OCEAN, Set.of("ocean", "sea", "water", "wave", "beach", "coast", "lake", "island", "sail", "ship", "boat", "surf", "tide", "shore", "rock", "storm"),
            Family.CITY, Set.of("city", "town", "street", "skyscraper", "building", "tower", "urban", "downtown", "metropolis", "skyline", "traffic", "avenue", "car", "window", "neon"),
            Family.HILLS, Set.of("hill", "mountain", "forest", "tree", "wood", "valley", "landscape", "meadow", "nature", "pine", "alps", "countryside", "grass", "field", "autumn", "winter"),
            Family.SPHERES, Set.of("sphere", "ball", "abstract", "blob", "bubble", "drop", "marble", "geometric", "shape", "studio", "liquid", "minimal", "glossy"),
            Family.TUNNEL, Set.of("tunnel", "tube", "corridor", "pipe", "warp", "cave", "wormhole", "portal", "cyberpunk", "spaceship", "futuristic", "vortex"),
            Family.PLANETS, Set.of("planet", "space", "star", "moon", "galaxy", "cosmos", "orbit", "saturn", "earth", "universe", "nebula", "asteroid", "astronaut", "jupiter"));

    private static final Map<Mood, Set<String>> MOODS = Map.of(
            Mood.DAY, Set.of("day", "noon", "midday", "sunny", "bright", "daylight"),
            Mood.DAWN, Set.of("dawn", "morning", "sunrise", "early"),
            Mood.SUNSET, Set.of("sunset", "evening", "dusk", "golden", "twilight", "warm"),
            Mood.NIGHT, Set.of("night", "midnight", "dark", "moonlight", "nocturnal", "neon"));

    private static final Map<Weather, Set<String>> WEATHERS = Map.of(
            Weather.FOG, Set.of("fog", "foggy", "mist", "misty", "haze", "hazy", "smoke"),
            Weather.STORM, Set.of("storm", "stormy", "rough", "wild", "tempest", "dramatic"),
            Weather.CLEAR, Set.of("clear", "cloudless"),
            Weather.CLOUDS, Set.of("cloud", "cloudy", "overcast", "grey", "gray"),
            Weather.SNOW, Set.of("snow", "snowy", "winter", "frozen", "ice", "icy", "alps"),
            Weather.RINGS, Set.of("ring", "saturn", "jupiter", "gas", "giant"));

    private static final Map<String, Vec> COLOURS = Map.ofEntries(
            Map.entry("red", vec(0.75f, 0.09f, 0.06f)), Map.entry("blue", vec(0.06f, 0.22f, 0.75f)), Map.entry("green", vec(0.1f, 0.5f, 0.14f)),
            Map.entry("yellow", vec(0.9f, 0.72f, 0.12f)), Map.entry("gold", vec(0.85f, 0.56f, 0.16f)), Map.entry("orange", vec(0.95f, 0.4f, 0.06f)),
            Map.entry("purple", vec(0.38f, 0.12f, 0.7f)), Map.entry("violet", vec(0.4f, 0.16f, 0.8f)), Map.entry("pink", vec(0.95f, 0.36f, 0.58f)),
            Map.entry("white", vec(0.85f, 0.86f, 0.88f)), Map.entry("black", vec(0.03f, 0.03f, 0.035f)), Map.entry("turquoise", vec(0.08f, 0.6f, 0.58f)),
            Map.entry("cyan", vec(0.1f, 0.7f, 0.85f)), Map.entry("magenta", vec(0.85f, 0.1f, 0.6f)), Map.entry("brown", vec(0.35f, 0.2f, 0.1f)),
            Map.entry("silver", vec(0.62f, 0.64f, 0.67f)));

    /** @param family never {@code null} */
    Reading {
        weather = Set.copyOf(weather);
        colours = List.copyOf(colours);
        known = List.copyOf(known);
    }

    static Reading of(String prompt) {
        Map<Family, Integer> votes = new EnumMap<>(Family.class);
        Mood mood = null;
        List<Weather> weather = new ArrayList<>();
        List<Vec> colours = new ArrayList<>();
        List<String> known = new ArrayList<>();
        for (String word : WORD.matcher(prompt.toLowerCase(Locale.ROOT)).results().map(found -> found.group()).toList()) {
            int before = votes.size() + weather.size() + colours.size();
            Optional<Family> family = find(FAMILIES, word);
            family.ifPresent(found -> votes.merge(found, 1, Integer::sum));
            Optional<Mood> time = find(MOODS, word);
            mood = time.orElse(mood);
            find(WEATHERS, word).ifPresent(weather::add);
            if (COLOURS.containsKey(word) && colours.size() < 2) {
                colours.add(COLOURS.get(word));
            }
            if ((votes.size() + weather.size() + colours.size() > before || family.isPresent() || time.isPresent()) && !known.contains(word)) {
                known.add(word);
            }
        }
        Family most = votes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse(Family.SPHERES);
        return new Reading(most, mood == null ? Mood.DAY : mood, Set.copyOf(weather), colours, known);
    }

    /** Words count in the plural, too. */
    private static <K extends Enum<K>> Optional<K> find(Map<K, Set<String>> words, String word) {
        String single = word.endsWith("ies") ? word.substring(0, word.length() - 3) + "y" : word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
        return words.entrySet().stream()
                .filter(entry -> entry.getValue().contains(word) || entry.getValue().contains(single) || word.endsWith("es") && entry.getValue().contains(word.substring(0, word.length() - 2)))
                .map(Map.Entry::getKey)
                .min(Enum::compareTo);
    }
}
