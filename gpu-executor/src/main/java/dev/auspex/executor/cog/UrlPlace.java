package dev.auspex.executor.cog;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** A Cog server that somebody else started and starts again. */
final class UrlPlace implements CogPlace {

    private final Home home;
    private final CogClient client;
    private final CogServers.Listening listening;

    UrlPlace(URI address, CogClient client, CogServers.Listening listening) {
        this.home = new Home(address, "", false);
        this.client = client;
        this.listening = listening;
    }

    @Override
    public void enter() {
        // nobody ends it to make room
    }

    @Override
    public void leave() {
        // nor waits for that
    }

    @Override
    public Home home(Checkpoint checkpoint) throws CogException, CanceledException, InterruptedException {
        try {
            // Its webhooks would come to itself, and the prediction would never end.
            if (Waiting.call(() -> listening.isLoopback() && !isLoopback(home.address()), checkpoint)) {
                throw new CogException(
                        "the model's Cog server is on another machine and could not reach this worker: set executor.cog.listen",
                        false,
                        null);
            }
        } catch (ExecutionException e) {
            throw new CogException("the model's Cog server is not known by its name", false, e.getCause());
        }
        return home;
    }

    private static boolean isLoopback(URI address) throws IOException {
        return InetAddress.getByName(address.getHost()).isLoopbackAddress();
    }

    @Override
    public boolean isOwn() {
        return false;
    }

    @Override
    public Home there() {
        return home;
    }

    @Override
    public boolean isWaiting() {
        return false;
    }

    @Override
    public void hold(CogHold hold) {
        // nobody ends it to make room
    }

    @Override
    public Optional<End> ended(Home ended, Checkpoint checkpoint) {
        return Optional.empty();
    }

    @Override
    public boolean loosen(Home failed, String said) {
        return false;
    }

    /** {@code POST /shutdown}; its supervisor has to start it again. */
    @Override
    public boolean kill(Home killed, Duration limit) throws InterruptedException {
        return client.end(killed.address(), limit);
    }

    @Override
    public CogListener listener() throws IOException {
        return listening.listener();
    }

    @Override
    public String name() {
        return home.address().getHost() + ":" + home.address().getPort();
    }

    @Override
    public void close() {
        // belongs to somebody else
    }
}
