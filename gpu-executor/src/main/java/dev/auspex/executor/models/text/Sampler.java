package dev.auspex.executor.models.text;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Chooses the next piece: the most likely one, or by chance among those that together have a share of the probability. One thread. */
final class Sampler {

    private final double temperature;
    private final double topP;
    private final SplittableRandom random;

    /**
     * @param temperature 0 for always the most likely piece
     * @param topP the share, above 0 and up to 1
     */
    Sampler(double temperature, double topP, long seed) {
        this.temperature = temperature;
        this.topP = topP;
        this.random = new SplittableRandom(seed);
    }

    int choose(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        if (temperature == 0) {
            return best;
        }
        double[] shares = new double[logits.length];
        double total = 0;
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.exp((logits[i] - logits[best]) / temperature);
            total += shares[i];
        }
        return topP >= 1 ? draw(IntStream.range(0, shares.length).toArray(), shares, total) : drawFromTop(shares, total);
    }

    private int drawFromTop(double[] shares, double total) {
        // What is less likely than this can be in the share only if everything else is.
        double least = (1 - topP) / Math.max(1, shares.length - 1) * total;
        int[] order = IntStream.range(0, shares.length)
                .filter(i -> shares[i] >= least)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -shares[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double sum = 0;
        int count = 0;
        while (count < order.length && sum < topP * total) {
            sum += shares[order[count++]];
        }
        return draw(Arrays.copyOf(order, Math.max(1, count)), shares, sum);
    }

    private int draw(int[] pieces, double[] shares, double total) {
        double left = random.nextDouble() * total;
        for (int piece : pieces) {
            left -= shares[piece];
            if (left < 0) {
                return piece;
            }
        }
        return pieces[0];
    }
}
