package dev.auspex.executor.cog;

import java.io.IOException;

/** A {@link CogStandIn} for tests of other packages. */
public final class CogServerForTests implements AutoCloseable {

    private final CogStandIn standIn;

    /** @param output text, iterator or file */
    public CogServerForTests(String output) throws IOException {
        standIn = new CogStandIn(CogStandIn.Options.of(CogStandIn.Family.COGLET, output));
    }

    /** Its address. */
    public String url() {
        return standIn.url();
    }

    /** How many predictions it runs. */
    public int running() {
        return standIn.running.size();
    }

    @Override
    public void close() {
        standIn.close();
    }
}
