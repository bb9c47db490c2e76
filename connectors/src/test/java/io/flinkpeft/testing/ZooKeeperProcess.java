package io.flinkpeft.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A real ZooKeeper in a JVM of its own: the one that Flink brings, started as Flink's {@code
 * zookeeper.sh} does.
 */
public final class ZooKeeperProcess implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String MAIN =
            "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer";

    private final int port;
    private final JavaProcess process;

    private ZooKeeperProcess(int port, JavaProcess process) {
        this.port = port;
        this.process = process;
    }

    /** Starts it in a directory, which is made if it does not exist, and waits until it listens. */
    public static ZooKeeperProcess start(Path directory) throws IOException {
        Files.createDirectories(directory);
        int port = Ports.free();
        Path settings = directory.resolve("zoo.cfg");
        Files.write(
                settings,
                List.of(
                        // the shortest session is two ticks
                        "tickTime=500",
                        "dataDir=" + Files.createDirectories(directory.resolve("data")),
                        "clientPort=" + port,
                        "clientPortAddress=127.0.0.1",
                        "admin.enableServer=false"));
        JavaProcess process =
                JavaProcess.start(
                        directory.resolve("zookeeper.log"),
                        (Map<String, String> environment) -> {},
                        List.of(
                                "-Xmx128m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                MAIN,
                                "--zkConfigFile",
                                settings.toString(),
                                "--peerId",
                                "1"));
        var zooKeeper = new ZooKeeperProcess(port, process);
        Waiting.until("ZooKeeper", LIMIT, zooKeeper::listens);
        return zooKeeper;
    }

    /** Host and port. */
    public String quorum() {
        return "127.0.0.1:" + port;
    }

    private boolean listens() {
        process.checkAlive();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
