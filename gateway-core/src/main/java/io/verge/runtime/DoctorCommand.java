package io.verge.runtime;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.verge.cli.ExitCode;
import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.local.LocalClient;
import io.verge.local.StatusView;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge doctor}. */
@Command(
    name = "doctor",
    description =
        "Checks clock, disk, ports, rights, certificates and reach, each with advice; exit code 1"
            + " if anything is bad.",
    footer = {"", "Example: sudo verge doctor"},
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "/etc/verge/gateway.toml",
      description = "configuration (default: ${DEFAULT-VALUE})")
  private Path config = Path.of("unset");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "/var/lib/verge",
      description = "where the store lives (default: ${DEFAULT-VALUE})")
  private Path data = Path.of("unset");

  @Option(names = "--json", description = "One object with an array of findings.")
  private boolean json;

  DoctorCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    ConfigReader.Result result = Found.configReader(List.of(), Set.of()).read(config);
    SiteConfig site = result.config();
    if (site == null) {
      result.problems().forEach(err::println);
      err.println("verge: " + result.problems().size() + " problems in " + config);
      return ExitCode.USAGE;
    }
    List<Finding> findings = examine(site, data);
    if (json) {
      out.println(new Gson().toJson(Map.of("findings", findings)));
    } else {
      findings.forEach(this::print);
    }
    return findings.stream().anyMatch(one -> one.state() == Finding.State.bad)
        ? ExitCode.WRONG
        : ExitCode.DONE;
  }

  static List<Finding> examine(SiteConfig site, Path data) throws IOException {
    return new Doctor(site, data, new Machine(Path.of("/")), Instant.now(), status(site.socket()))
        .examine();
  }

  private static @Nullable StatusView status(Path socket) throws IOException {
    try (LocalClient client = LocalClient.open(socket)) {
      return client.view(
          client.ask("status", new JsonObject(), LocalClient.ANSWER_MS), StatusView.class);
    } catch (LocalClient.Unreachable | LocalClient.Refused notThere) {
      return null;
    }
  }

  private void print(Finding finding) {
    out.printf("%-8s %s: %s%n", finding.state(), finding.check(), finding.found());
    if (!finding.advice().isEmpty()) {
      out.println("         " + finding.advice());
    }
  }
}
