package dev.auspex.executor.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What to measure.
 *
 * @param sizes of frames
 * @param seconds that one measurement takes at the least
 * @param help whether only the usage is wanted
 */
record BenchOptions(List<Size> sizes, double seconds, boolean help) {

    static final String USAGE = """
            Usage: ./auspex bench gpu [OPTIONS]

            Measures the built-in models on this machine's GPU, on its processors and by ffmpeg's filters, and each kernel
            against what the card can do at best. Without a GPU it says so and measures the rest.

              --sizes WxH,WxH     sizes of frames (default 640x360,1280x720,1920x1080)
              --seconds S         how long one measurement takes at the least (default 2)
              --help              this text
            """;

    /** Frame sides. */
    record Size(int width, int height) {

        private static Size parse(String text) {
            String[] sides = text.split("x", -1);
            if (sides.length == 2 && sides[0].matches("[0-9]{1,4}") && sides[1].matches("[0-9]{1,4}")) {
                Size size = new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
                if (size.fits()) {
                    return size;
                }
            }
            throw new IllegalArgumentException("--sizes: expected even sides from 16 to 4096 such as 1280x720, got " + text);
        }

        private boolean fits() {
            return Math.min(width, height) >= 16 && Math.max(width, height) <= 4096 && (width | height) % 2 == 0;
        }

        @Override
        public String toString() {
            return width + "x" + height;
        }
    }

    /** @throws IllegalArgumentException naming the option */
    static BenchOptions parse(String... arguments) {
        List<Size> sizes = List.of(new Size(640, 360), new Size(1280, 720), new Size(1920, 1080));
        double seconds = 2;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--help" -> {
                    return new BenchOptions(sizes, seconds, true);
                }
                case "--sizes" -> {
                    sizes = new ArrayList<>();
                    for (String size : value(arguments, ++i).split(",", -1)) {
                        sizes.add(Size.parse(size));
                    }
                }
                case "--seconds" -> seconds = seconds(value(arguments, ++i));
                default -> throw new IllegalArgumentException("there is no option '" + arguments[i] + "'");
            }
        }
        return new BenchOptions(List.copyOf(sizes), seconds, false);
    }

    private static String value(String[] arguments, int at) {
        if (at >= arguments.length) {
            throw new IllegalArgumentException(arguments[at - 1] + " needs a value");
        }
        return arguments[at];
    }

    private static double seconds(String text) {
        try {
            double seconds = Double.parseDouble(text);
            if (seconds >= 0 && seconds <= 60) {
                return seconds;
            }
        } catch (NumberFormatException none) {
            // Said below.
        }
        throw new IllegalArgumentException("--seconds: expected 0 to 60, got " + text);
    }
}
