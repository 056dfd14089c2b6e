package dev.auspex.runtime.lifecycle;

/** What a process ends with, for supervisors and scripts. */
public final class ExitCodes {

    /** It was told to stop and did. */
    public static final int OK = 0;

    /** Something went wrong; starting it again may or may not help. */
    public static final int FAULT = 1;

    /** Bad configuration or usage: starting it again does not help. */
    public static final int CONFIGURATION = 2;

    /** Its device is lost or not there, or a model does not stop; nothing is wrong that a new process would not mend. Start it again. */
    public static final int RESTART = 70;

    private ExitCodes() {}
}
