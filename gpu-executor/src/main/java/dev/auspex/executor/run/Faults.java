package dev.auspex.executor.run;

import dev.auspex.executor.cuda.CudaException;
import dev.auspex.executor.cuda.CudaFault;
import dev.auspex.model.DeviceLostException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a model's exception means for its worker, however deep the driver's own is wrapped. */
final class Faults {

    private static final int DEEPEST = 20;

    private Faults() {}

    /** The device can no longer be used by this process. */
    static boolean isDeviceLost(Throwable failure) {
        return any(failure, one -> one instanceof DeviceLostException
                || (one instanceof CudaException cuda && cuda.fault() == CudaFault.STICKY));
    }

    /** Memory was short, the device's or the heap: with less in it another try can do better. */
    static boolean isOutOfMemory(Throwable failure) {
        return any(failure, one -> one instanceof OutOfMemoryError
                || (one instanceof CudaException cuda && cuda.fault() == CudaFault.OUT_OF_MEMORY));
    }

    private static boolean any(Throwable failure, Predicate<Throwable> test) {
        @Nullable Throwable one = failure;
        for (int depth = 0; one != null && depth < DEEPEST; depth++) {
            if (test.test(one)) {
                return true;
            }
            one = one.getCause();
        }
        return false;
    }
}
