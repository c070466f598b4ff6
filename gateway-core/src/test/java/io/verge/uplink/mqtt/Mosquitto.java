package io.verge.uplink.mqtt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verge.uplink.Heard;
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

/** A real broker on a free loopback port, ended with the test. */
public final class Mosquitto implements AutoCloseable {
  private static final Path BINARY = Path.of("/usr/sbin/mosquitto");

  private final Process process;
  private final int port;

  /**
   * Skips the test where there is no mosquitto.
   *
   * @param lines of configuration beside the listener.
   */
  public static Mosquitto start(Path folder, String... lines) throws IOException {
    assumeTrue(Files.isExecutable(BINARY), "no mosquitto here");
    return new Mosquitto(folder, List.of(lines));
  }

  private Mosquitto(Path folder, List<String> lines) throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path file = folder.resolve("mosquitto-" + port + ".conf");
    Files.writeString(
        file,
        "listener "
            + port
            + " 127.0.0.1\nlog_dest stderr\nlog_type all\nuser root\npersistence false\n"
            + String.join("\n", lines)
            + "\n");
    process =
        new ProcessBuilder(BINARY.toString(), "-c", file.toString())
            .redirectErrorStream(true)
            .start();
    StringBuilder said = new StringBuilder();
    BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
    for (String line = log.readLine(); ; line = log.readLine()) {
      if (line == null) {
        throw new IOException("mosquitto did not start: " + said);
      }
      said.append(line).append('\n');
      if (line.contains("running")) {
        break;
      }
    }
    Thread drain = new Thread(() -> drain(log), "test mosquitto log");
    drain.setDaemon(true);
    drain.start();
  }

  /** A broker whose pipe is full would stand still. */
  private static void drain(BufferedReader log) {
    try {
      log.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      // The stream is closed under its reader when the process is ended: that is the end.
      return;
    }
  }

  public int port() {
    return port;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(Heard.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
