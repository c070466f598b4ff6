package io.verge.runtime;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.verge.cli.ConfigOption;
import io.verge.cli.ExitCode;
import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.local.FrameView;
import io.verge.local.LocalClient;
import io.verge.local.StatusView;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code verge doctor}. */
@Command(
    name = "doctor",
    description =
        "Checks clock, card, supply, ports, wiring, rights, network and certificates, each with"
            + " advice; exit code 1"
            + " if anything is bad.",
    footer = {"", "Example: sudo verge doctor"},
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(DoctorCommand.class);

  private final PrintStream out;
  private final PrintStream err;

  @Mixin private ConfigOption configured = new ConfigOption();

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
    ConfigReader.Result result = Found.configReader(List.of(), Set.of()).read(configured.file());
    SiteConfig site = result.config();
    if (site == null) {
      result.problems().forEach(err::println);
      err.println("verge: " + result.problems().size() + " problems in " + configured.file());
      return ExitCode.USAGE;
    }
    List<Finding> findings = examine(site, data);
    if (json) {
      out.println(new Gson().toJson(Map.of("findings", findings)));
    } else {
      Findings.lines(findings).forEach(out::println);
    }
    return findings.stream().anyMatch(one -> one.state() == Finding.State.bad)
        ? ExitCode.WRONG
        : ExitCode.DONE;
  }

  static List<Finding> examine(SiteConfig site, Path data) throws IOException {
    StatusView status = null;
    Map<String, List<FrameView>> frames = new HashMap<>();
    try (LocalClient client = LocalClient.open(site.socket())) {
      status =
          client.view(
              client.ask("status", new JsonObject(), LocalClient.ANSWER_MS), StatusView.class);
      for (SiteConfig.Bus bus : site.buses()) {
        frames.put(bus.name(), frames(client, bus.name()));
      }
    } catch (LocalClient.Unreachable | LocalClient.Refused e) {
      LOG.debug("the gateway was not asked cause=\"{}\"", e.getMessage());
    }
    return new Doctor(site, data, new Machine(Path.of("/")), Instant.now(), status, frames)
        .examine();
  }

  static List<FrameView> frames(LocalClient client, String bus)
      throws LocalClient.Unreachable, LocalClient.Refused {
    JsonObject args = new JsonObject();
    args.addProperty("bus", bus);
    args.addProperty("once", true);
    List<FrameView> frames = new ArrayList<>();
    client.views(
        "trace", args, LocalClient.ANSWER_MS, FrameView.class, (frame, raw) -> frames.add(frame));
    return frames;
  }
}
