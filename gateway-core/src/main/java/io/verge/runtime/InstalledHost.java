package io.verge.runtime;

import com.google.gson.JsonObject;
import io.verge.local.LocalClient;
import io.verge.update.Health;
import io.verge.update.Host;
import io.verge.update.UpdateException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine this program was installed on as a package, with systemd. */
final class InstalledHost implements Host {
  private static final Path CONFIG = Path.of("/etc/verge/gateway.toml");

  /** An archive of classes takes some seconds on a server, a minute on a Pi. */
  private static final int PATIENCE_S = 300;

  private final Path socket;
  private final PrintStream err;

  InstalledHost(Path socket, PrintStream err) {
    this.socket = socket;
    this.err = err;
  }

  @Override
  public String arch() {
    return debianArch(System.getProperty("os.arch", ""));
  }

  static String debianArch(String java) {
    return switch (java) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      case "arm" -> "armhf";
      default -> java;
    };
  }

  @Override
  public int java() {
    return Runtime.version().feature();
  }

  @Override
  public long freeBytes(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  @Override
  public void prepare(Path application) throws IOException, UpdateException {
    Path list = application.resolve("classes.list");
    if (Files.exists(list)) {
      Programs.Ran dump =
          java(application, "-XX:SharedClassListFile=" + list, "-Xshare:dump", "-Xlog:disable");
      if (dump.code() != 0) {
        tell("no archive of classes could be made; the version starts slower: " + dump.output());
      }
    }
    started(java(application, "io.verge.runtime.Main", "version"), "does not start");
    if (Files.exists(CONFIG)) {
      started(
          java(application, "io.verge.runtime.Main", "config", "check", CONFIG.toString()),
          "does not take " + CONFIG);
    }
  }

  private static void started(Programs.Ran ran, String what) throws UpdateException {
    if (ran.code() != 0) {
      throw new UpdateException(
          "the version in the bundle " + what + ": " + ran.output(),
          "nothing was changed; the version before goes on running");
    }
  }

  private Programs.Ran java(Path application, String... rest) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.add("-Xmx128m");
    command.add("@" + application.resolve("java.args"));
    command.addAll(List.of(rest));
    return Programs.run(PATIENCE_S, command);
  }

  @Override
  public void restart() throws IOException {
    Programs.Ran ran =
        Programs.run(PATIENCE_S, List.of("systemctl", "restart", "--no-block", "verge.service"));
    if (ran.code() != 0) {
      throw new IOException("systemctl could not restart verge.service: " + ran.output());
    }
  }

  @Override
  public @Nullable Health health() throws IOException {
    try (LocalClient client = LocalClient.open(socket)) {
      return Health.of(client.ask("status", new JsonObject(), LocalClient.ANSWER_MS));
    } catch (LocalClient.Unreachable | LocalClient.Refused notThere) {
      return null;
    }
  }

  @Override
  public void tell(String line) {
    err.println("verge: " + line);
  }
}
