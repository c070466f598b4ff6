package io.verge.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge config …}. */
@Command(
    name = "config",
    description = "Looks after the configuration.",
    footer = {"", "Example: verge config check /etc/verge/gateway.toml"},
    mixinStandardHelpOptions = true)
final class ConfigCommand {
  private final ConfigReader reader;
  private final PrintStream out;
  private final PrintStream err;

  ConfigCommand(ConfigReader reader, PrintStream out, PrintStream err) {
    this.reader = reader;
    this.out = out;
    this.err = err;
  }

  @Command(
      name = "check",
      description = "Tells everything wrong with a configuration file, each with its place.",
      footer = {"", "Example: verge config check /etc/verge/gateway.toml"},
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--json", description = "one object with an array of problems")
          boolean json) {
    ConfigReader.Result result = reader.read(file);
    SiteConfig config = result.config();
    if (json) {
      out.println(new Gson().toJson(Map.of("problems", result.problems())));
    } else if (config == null) {
      result.problems().forEach(out::println);
      out.println(result.problems().size() + " problems");
    } else {
      out.println(
          "OK: gateway "
              + config.gateway()
              + ", "
              + config.buses().size()
              + " buses, "
              + config.devices()
              + " devices, "
              + config.uplinks().size()
              + " uplinks");
    }
    return config == null ? ExitCode.USAGE : ExitCode.DONE;
  }

  @Command(
      name = "devices",
      description =
          "Prints which devices a service must be allowed to open for a configuration's ports, as the"
              + " machine is now, in the form of a drop-in of systemd.",
      footer = {
        "",
        "Example: verge config devices /etc/verge/gateway.toml",
        "verge.service is given them by itself: systemctl show -P DeviceAllow verge"
      },
      mixinStandardHelpOptions = true)
  int devices(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--json", description = "one object with an array of devices") boolean json) {
    ConfigReader.Result result = reader.read(file);
    SiteConfig config = result.config();
    if (config == null) {
      result.problems().forEach(err::println);
      err.println(result.problems().size() + " problems");
      return ExitCode.USAGE;
    }
    List<String> devices = reader.devices(config);
    if (json) {
      out.println(new Gson().toJson(Map.of("devices", devices)));
    } else {
      out.println("[Service]\nDevicePolicy=closed\nDeviceAllow=");
      devices.forEach(device -> out.println("DeviceAllow=" + device + " rw"));
    }
    return ExitCode.DONE;
  }

  @Command(
      name = "schema",
      description = "Prints a JSON Schema of the configuration, for editors.",
      footer = {
        "",
        "Example: verge config schema > verge.schema.json",
        "An editor with TOML support takes it with this first line in the file:",
        "#:schema ./verge.schema.json"
      },
      mixinStandardHelpOptions = true)
  int schema() {
    out.println(new GsonBuilder().setPrettyPrinting().create().toJson(reader.schema()));
    return ExitCode.DONE;
  }
}
