package io.verge.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import java.io.PrintStream;
import java.nio.file.Path;
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

  ConfigCommand(ConfigReader reader, PrintStream out) {
    this.reader = reader;
    this.out = out;
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
      out.println(new Gson().toJson(java.util.Map.of("problems", result.problems())));
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
