package io.verge.runtime;

import com.google.gson.JsonObject;
import io.verge.cli.ConfigOption;
import io.verge.cli.ExitCode;
import io.verge.config.SiteConfig;
import io.verge.local.ConfigText;
import io.verge.local.LocalClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code verge bundle}. */
@Command(
    name = "bundle",
    description = "Packs what support needs into one archive, without secrets.",
    footer = {"", "Example: sudo verge bundle --out /tmp/cabinet-12.tar.gz"},
    mixinStandardHelpOptions = true)
final class BundleCommand implements Callable<Integer> {
  private static final Path SOCKET = Path.of("/run/verge/verge.sock");
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final List<String> JOURNAL =
      List.of("journalctl", "-u", "verge", "-n", "3000", "--no-pager", "-o", "short-iso");

  private final PrintStream out;
  private final PrintStream err;

  @Mixin private ConfigOption configured = new ConfigOption();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "/var/lib/verge",
      description = "where the store lives (default: ${DEFAULT-VALUE}); only measured")
  private Path data = Path.of("unset");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "the archive (default: verge-bundle-TIME.tar.gz here)")
  private @Nullable Path target;

  BundleCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    Instant now = Instant.now();
    String toml;
    try {
      toml = Files.readString(configured.file(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      err.println("verge: " + configured.file() + " cannot be read: " + e);
      err.println("As root? sudo verge bundle   Elsewhere? --config FILE");
      return ExitCode.USAGE;
    }
    Path beside = configured.file().toAbsolutePath().resolveSibling("");
    SiteConfig site = Found.configReader(List.of(), Set.of()).read(configured.file()).config();
    Path socket = site == null ? SOCKET : site.socket();
    String running = running(socket);
    Bundle bundle = new Bundle(Redaction.of(toml + "\n" + running, beside));
    bundle.add("version.txt", "verge " + Main.version() + ", at " + now + "\n");
    bundle.add("gateway.toml", toml);
    bundle.add("running.toml", running);
    bundle.checks(site, data);
    bundle.gateway(socket);
    bundle.machine(JOURNAL);
    Path file = target == null ? Path.of("verge-bundle-" + STAMP.format(now) + ".tar.gz") : target;
    out.print(bundle.contents());
    try (OutputStream made = create(file);
        TarGz archive = new TarGz(made, now.getEpochSecond())) {
      bundle.write(archive);
    } catch (FileAlreadyExistsException e) {
      err.println("verge: " + file + " is there already; choose another: --out FILE");
      return ExitCode.USAGE;
    }
    out.println(file + ", " + Files.size(file) + " bytes");
    return ExitCode.DONE;
  }

  /** What runs may be another version than the file; a comment if nobody can say. */
  private static String running(Path socket) throws IOException {
    try (LocalClient client = LocalClient.open(socket)) {
      return client
          .view(
              client.ask("config-text", new JsonObject(), LocalClient.ANSWER_MS), ConfigText.class)
          .toml();
    } catch (LocalClient.Unreachable | LocalClient.Refused e) {
      return "# " + e.getMessage() + "\n";
    }
  }

  /** A new file only its owner may read. */
  private static OutputStream create(Path file) throws IOException {
    return Channels.newOutputStream(
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
  }
}
