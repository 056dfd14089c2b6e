package dev.auspex.standalone;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Starts itself again once, and writes down what both lives saw. Arguments: a file, a port. */
final class RestartMain {

    private RestartMain() {}

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        boolean second = Files.exists(file);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!second) {
                Restart.replace();
            }
        }));
        // Left open on purpose: the second life must be able to take both.
        ServerSocket socket = new ServerSocket(Integer.parseInt(args[1]), 1, InetAddress.getLoopbackAddress());
        FileChannel channel = FileChannel.open(
                file.resolveSibling("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        String locked = channel.tryLock() == null ? "not locked" : "locked";
        Files.writeString(
                file,
                ProcessHandle.current().pid() + " " + socket.getLocalPort() + " " + locked + " " + System.getenv("MARK") + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        System.exit(second ? 7 : 70);
    }
}
