package io.verge.cli;

import com.google.gson.Gson;
import io.verge.config.ConfigReader;
import io.verge.config.Entry;
import io.verge.config.SiteConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      name = "show",
      description = "Prints every key that holds, given or by default, as a configuration file.",
      footer = {
        "",
        "Example: verge config show /etc/verge/gateway.toml",
        "A key with # in front has no value; what it may hold stands behind it."
      },
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--json", description = "one object with an array of keys") boolean json) {
    ConfigReader.Result result = reader.read(file);
    if (result.config() == null) {
      result.problems().forEach(err::println);
      err.println(result.problems().size() + " problems");
      return ExitCode.USAGE;
    }
    if (json) {
      out.println(new Gson().toJson(java.util.Map.of("keys", result.entries())));
    } else {
      effective(result.entries()).forEach(out::println);
    }
    return ExitCode.DONE;
  }

  private static List<String> effective(List<Entry> entries) {
    List<String> lines = new ArrayList<>();
    String table = "";
    for (Entry entry : entries) {
      String here = entry.table() + " " + entry.tableLine();
      if (!here.equals(table)) {
        table = here;
        boolean many =
            entry.table().matches("uplink|bus|bus\\.device|plan|plan\\.step|plan\\.exception|rule");
        lines.add("");
        lines.add(many ? "[[" + entry.table() + "]]" : "[" + entry.table() + "]");
      }
      boolean empty = entry.value().isEmpty();
      String text = (empty ? "# " : "") + entry.key() + (empty ? "" : " = " + entry.value());
      lines.add(
          entry.isGiven()
              ? text
              : String.format("%-40s # %s", text, empty ? entry.expected() : "default"));
    }
    return lines.isEmpty() ? lines : lines.subList(1, lines.size());
  }
}
