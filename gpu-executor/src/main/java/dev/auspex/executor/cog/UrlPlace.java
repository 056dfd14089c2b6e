package dev.auspex.executor.cog;

import dev.auspex.executor.video.Checkpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Cog server that somebody else started and starts again. */
final class UrlPlace implements CogPlace {

    private static final Logger LOG = LoggerFactory.getLogger(UrlPlace.class);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final URI address;
    private final CogClient client;
    private final CogServers.Listening listening;

    UrlPlace(URI address, CogClient client, CogServers.Listening listening) {
        this.address = address;
        this.client = client;
        this.listening = listening;
    }

    @Override
    public URI address(Checkpoint checkpoint) throws CogException {
        try {
            // Its webhooks would come to itself, and the prediction would never end.
            if (listening.isLoopback() && !InetAddress.getByName(address.getHost()).isLoopbackAddress()) {
                throw new CogException(
                        "the model's Cog server is on another machine and could not reach this worker: set executor.cog.listen",
                        false,
                        null);
            }
        } catch (UnknownHostException e) {
            throw new CogException("the model's Cog server is not known by its name", false, e);
        }
        return address;
    }

    @Override
    public Optional<End> ended() {
        return Optional.empty();
    }

    @Override
    public boolean loosen(String said) {
        return false;
    }

    /** {@code POST /shutdown}; its supervisor has to start it again. */
    @Override
    public boolean kill(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            client.shutdown(address);
        } catch (IOException e) {
            LOG.atInfo().addKeyValue("server", name()).addKeyValue("cause", e.getMessage()).log("shutdown not answered");
        }
        while (System.nanoTime() - deadline < 0) {
            try {
                CogHealth unused = client.health(address);
            } catch (IOException gone) {
                return true;
            }
            Thread.sleep(LOOK);
        }
        return false;
    }

    @Override
    public CogListener listener() throws IOException {
        return listening.listener();
    }

    @Override
    public String name() {
        return address.getHost() + ":" + address.getPort();
    }

    @Override
    public void close() {
        // belongs to somebody else
    }
}
