package io.verge.simulator.backend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL cluster of its own, on loopback, in a folder that goes with it. It does not wait for
 * the disk: what is tested is order and wholeness, not power cuts.
 */
final class PostgresServer implements AutoCloseable {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final String USER = "postgres";

  private final Process process;
  private final Path folder;
  private final int port;

  private PostgresServer(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /**
   * @return null if the server is not installed.
   */
  static @Nullable PostgresServer start() throws IOException, InterruptedException {
    Path bin = programs();
    if (bin == null) {
      return null;
    }
    Path folder = Files.createTempDirectory("verge-postgres");
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    if (isRoot) {
      run(List.of("chown", USER, folder.toString()));
    }
    String data = folder.resolve("data").toString();
    run(
        asUser(
            isRoot,
            List.of(
                bin.resolve("initdb").toString(), "-D", data, "-U", USER, "-A", "trust", "-N")));
    int port = freePort();
    Process process =
        new ProcessBuilder(
                asUser(
                    isRoot,
                    List.of(
                        bin.resolve("postgres").toString(),
                        "-D",
                        data,
                        "-p",
                        String.valueOf(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "fsync=off",
                        "-c",
                        "unix_socket_directories=" + folder)))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    PostgresServer server = new PostgresServer(process, folder, port);
    server.awaitReady();
    return server;
  }

  private static @Nullable Path programs() throws IOException {
    if (!Files.isDirectory(VERSIONS)) {
      return null;
    }
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.comparing(Path::toString))
          .orElse(null);
    }
  }

  /** PostgreSQL does not run as root. */
  private static List<String> asUser(boolean isRoot, List<String> command) {
    List<String> all = new ArrayList<>();
    if (isRoot) {
      all.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "--"));
    }
    all.addAll(command);
    return all;
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + said);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws IOException {
    BufferedReader log =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      said.append(line).append('\n');
      if (line.contains("ready to accept connections")) {
        Thread reader = new Thread(() -> log.lines().forEach(more -> {}), "postgres log");
        reader.setDaemon(true);
        reader.start();
        return;
      }
    }
    throw new IOException("PostgreSQL did not start: " + said);
  }

  String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USER;
  }

  void create(String database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(USER));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
    }
  }

  @Override
  public void close() throws Exception {
    // Fast shutdown: it does not wait for clients.
    run(List.of("kill", "-INT", String.valueOf(process.pid())));
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
