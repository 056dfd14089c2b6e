package dev.auspex.model;

/**
 * The device can no longer be used by this process, for example because its context was corrupted. The executor hands
 * the job back for another worker and takes no more jobs of this hardware class.
 */
public final class DeviceLostException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message for operators: the driver's code and what was being done */
    public DeviceLostException(String message, Throwable cause) {
        super(message, cause);
    }

    /** @param message for operators: the driver's code and what was being done */
    public DeviceLostException(String message) {
        super(message);
    }
}
