package io.verge.simulator.demo;

import com.google.gson.Gson;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.simulator.link.LinkEmulator;
import io.verge.simulator.link.LinkSettings;
import io.verge.simulator.sparkplug.HostReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The other back end of the demo: a broker, a link of its own, and a Sparkplug host in a process
 * that knows the gateway's bytes through Eclipse Tahu only.
 */
final class Operator implements AutoCloseable {
  static final String NAME = "operator";
  private static final String GROUP = "street";
  private static final String HOST = "scada";
  private static final String ADDRESS = "127.0.0.1";
  private static final int END_SECONDS = 10;

  private final Broker broker;
  private final LinkEmulator link;
  private final Process process;
  private final BufferedReader answers;

  Operator(int latencyMs, int bytesPerSecond) throws IOException {
    broker = new Broker(BrokerSettings.plain(0)).start();
    link =
        new LinkEmulator(
            new LinkSettings(
                0, new InetSocketAddress(ADDRESS, broker.port()), latencyMs, bytesPerSecond));
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path") + ":" + libraries() + "/*",
                "io.verge.simulator.sparkplug.HostMain",
                ADDRESS,
                "" + broker.port(),
                GROUP,
                HOST)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  private static @Nullable String libraries() {
    return System.getProperty("verge.host-lib");
  }

  static boolean isPossible() {
    String libraries = libraries();
    return libraries != null && Files.isDirectory(Path.of(libraries));
  }

  /** The second uplink's table. */
  String configuration() {
    return "\n[[uplink]]\nname = \""
        + NAME
        + "\"\nurl = \"mqtt://"
        + ADDRESS
        + ":"
        + link.port()
        + "\"\ncodec = \"sparkplug-b\"\ngroup = \""
        + GROUP
        + "\"\nprimary_host = \""
        + HOST
        + "\"\nack_timeout = \"5s\"\nkeep_alive = \"10s\"\n";
  }

  void outage(boolean silent) {
    link.outage(silent);
  }

  long bytes() {
    return link.bytesUp() + link.bytesDown();
  }

  /** Asks the host's process. */
  HostReport report() throws IOException {
    OutputStream question = process.getOutputStream();
    question.write('\n');
    question.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the Sparkplug host ended by itself; what it said is above");
    }
    return new Gson().fromJson(answer, HostReport.class);
  }

  @Override
  public void close() throws Exception {
    process.getOutputStream().close();
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    link.close();
    broker.close();
  }
}
