package dev.auspex.executor.domain;

import java.util.List;

/**
 * How many jobs run at once on one device when nobody has said it. With more than one slot the next job's inputs are
 * fetched and decoded, and its first frames computed, while the one before it is still being encoded: the device has
 * something to do in between.
 */
public final class SlotCount {

    /** More only share the device more finely. */
    private static final int MOST = 4;
    /** What encodes beside the device needs processors. */
    private static final int PROCESSORS_PER_SLOT = 4;
    /** One that computes while the other fetches, decodes or encodes. */
    private static final int OVERLAPPING = 2;

    private SlotCount() {}

    /**
     * On a device.
     *
     * @param memoryBytes that the models of all slots may take together
     * @param modelBytes what each model says it takes; 0 from one that does not say
     * @param processors of this machine
     * @return at least 1
     */
    public static int onDevice(long memoryBytes, List<Long> modelBytes, int processors) {
        long largest = modelBytes.stream().mapToLong(Long::longValue).max().orElse(0);
        // A model that does not say what it takes may take everything.
        if (largest == 0 || modelBytes.contains(0L)) {
            return 1;
        }
        long fitting = memoryBytes / largest;
        int wanted = Math.clamp(processors / PROCESSORS_PER_SLOT, OVERLAPPING, MOST);
        return Math.clamp(fitting, 1, wanted);
    }
}
