package io.verge.simulator.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mosquitto of this computer on one loopback port, ended and started anew at will. */
final class RealBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RealBroker.class);
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/sbin/mosquitto"), Path.of("/usr/local/sbin/mosquitto"));
  private static final int PATIENCE_SECONDS = 20;

  private final Path binary;
  private final Path file;
  private final int port;
  private Process process;

  /** Where it is installed, or null. */
  static @Nullable Path installed() {
    return PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
  }

  /**
   * @param folder for its configuration.
   */
  RealBroker(Path binary, Path folder) throws IOException {
    this.binary = binary;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    file = folder.resolve("mosquitto.conf");
    Files.writeString(
        file,
        "listener "
            + port
            + " 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\n"
            + "set_tcp_nodelay true\nuser "
            + System.getProperty("user.name")
            + "\n");
    process = run();
  }

  int port() {
    return port;
  }

  private Process run() throws IOException {
    Process fresh =
        new ProcessBuilder(binary.toString(), "-c", file.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader log = fresh.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = log.readLine(); line == null || !line.contains("running"); ) {
      if (line == null) {
        throw new IOException("mosquitto did not start: " + said);
      }
      said.append(line).append('\n');
      line = log.readLine();
    }
    Thread drain = new Thread(() -> drain(log), "mosquitto log");
    drain.setDaemon(true);
    drain.start();
    return fresh;
  }

  /** A broker whose pipe is full would stand still. */
  private static void drain(BufferedReader log) {
    try {
      log.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      LOG.debug("mosquitto has ended: {}", e.getMessage());
    }
  }

  /** In order: it says good-bye to its clients. */
  void stop() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("mosquitto did not stop within " + PATIENCE_SECONDS + " s");
    }
  }

  /** As the kernel ends it when memory is short. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  void start() throws IOException {
    process = run();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
