package io.verge.simulator.demo;

import io.verge.simulator.backend.FileServer;
import io.verge.uplink.Tls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge simulate files}. */
@Command(
    name = "files",
    description =
        "Serves a folder's files on the loopback, as a server of updates does, and hangs up as a bad"
            + " line does.",
    footer = {
      "",
      "Example: verge simulate files --dir bundles --port 8443 --tls-certificate city.pem"
          + " --tls-key city.key --cut-after 1000000"
    },
    mixinStandardHelpOptions = true)
final class SimulateFilesCommand implements Callable<Integer> {
  @Option(names = "--dir", required = true, description = "folder of the files; none below it")
  private Path dir = Path.of("unset");

  @Option(names = "--port", defaultValue = "0", description = "0: any free one (default)")
  private int port;

  @Option(names = "--tls-certificate", description = "PEM file: HTTPS instead of HTTP")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", description = "PEM file of its private key, PKCS#8")
  private @Nullable Path key;

  @Option(
      names = "--cut-after",
      paramLabel = "BYTES",
      description = "of a file, then the line breaks; it goes on where a client asks")
  private long cutAfter = Long.MAX_VALUE;

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean secure = certificate != null;
    try (FileServer server =
        new FileServer(
            dir,
            port,
            secure ? Tls.context(null, certificate, key) : null,
            cutAfter,
            line -> System.err.println("verge: " + line))) {
      System.err.println(
          "verge: files are at " + (secure ? "https" : "http") + "://127.0.0.1:" + server.port());
      new CountDownLatch(1).await();
    }
    return 0;
  }
}
