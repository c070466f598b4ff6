package io.verge.cli;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.verge.config.ConfigReader;
import io.verge.config.Entry;
import io.verge.local.ConfigText;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Prints every key that holds, and where it comes from, as a configuration file.",
    footer = {
      "",
      "Example: verge config show /etc/verge/gateway.toml",
      "Without FILE: the configuration that runs, or another version of it.",
      "A key with # in front has no value; what it may hold stands behind it."
    },
    mixinStandardHelpOptions = true)
final class ConfigShowCommand extends Asking {
  private final ConfigReader reader;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "A file; no gateway is asked.")
  private @Nullable Path file;

  @Option(names = "--number", paramLabel = "N", description = "This version of the history.")
  private long number;

  @Option(names = "--text", description = "As it was written, without defaults.")
  private boolean text;

  ConfigShowCommand(Screen screen, ConfigReader reader) {
    super(screen);
    this.reader = reader;
  }

  @Override
  @Nullable Integer alone() {
    return file == null || text ? null : show(reader.read(file));
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject args = args();
    args.addProperty("number", number);
    JsonObject answer = client.ask("config-text", args, LocalClient.ANSWER_MS);
    ConfigText found = client.view(answer, ConfigText.class);
    if (text && json()) {
      screen().json(answer);
    } else if (text) {
      found.toml().lines().forEach(screen()::whole);
    } else {
      return show(
          reader.read(found.toml().getBytes(StandardCharsets.UTF_8), Path.of(found.file())));
    }
    return ExitCode.DONE;
  }

  /** What can't be looked at from here, such as another user's secrets, is told beside. */
  private int show(ConfigReader.Result result) {
    result.problems().forEach(problem -> screen().error(problem.toString(), ""));
    if (result.config() == null && file != null) {
      screen().error(result.problems().size() + " problems", "");
      return ExitCode.USAGE;
    }
    if (json()) {
      screen().out().println(new Gson().toJson(Map.of("keys", result.entries())));
    } else {
      effective(result.entries()).forEach(screen()::whole);
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
        lines.add("");
        lines.add(entry.isInArray() ? "[[" + entry.table() + "]]" : "[" + entry.table() + "]");
      }
      boolean empty = entry.value().isEmpty();
      String key = (empty ? "# " : "") + entry.key() + (empty ? "" : " = " + entry.value());
      String origin =
          entry.isGiven() ? "line " + entry.line() : empty ? entry.expected() : "default";
      lines.add(String.format("%-40s # %s", key, origin));
    }
    return lines.isEmpty() ? lines : lines.subList(1, lines.size());
  }
}
