package io.verge.cli;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.verge.config.ConfigDiff;
import io.verge.config.ConfigReader;
import io.verge.config.Entry;
import io.verge.local.ConfigText;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "diff",
    description = "What differs between two configurations: what holds, not how it is written.",
    footer = {
      "",
      "Example: verge config diff new.toml",
      "Each is a file or the number of a version; the second one is what runs, if it",
      "is left out. - only in the first, + only in the second, ~ differs."
    },
    mixinStandardHelpOptions = true)
final class ConfigDiffCommand extends Asking {
  private final ConfigReader reader;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..2",
      paramLabel = "FILE|N",
      description = "FILE: what runs is the first one; N: the second.")
  private List<String> sides = List.of();

  ConfigDiffCommand(Screen screen, ConfigReader reader) {
    super(screen);
    this.reader = reader;
  }

  @Override
  @Nullable Integer alone() {
    return sides.size() == 2 && sides.stream().noneMatch(ConfigDiffCommand::isNumber)
        ? show(ofFile(sides.get(0)), ofFile(sides.get(1)))
        : null;
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    if (sides.size() == 2) {
      return show(side(client, sides.get(0)), side(client, sides.get(1)));
    }
    String only = sides.get(0);
    return isNumber(only)
        ? show(side(client, only), side(client, "0"))
        : show(side(client, "0"), ofFile(only));
  }

  private static boolean isNumber(String side) {
    return side.matches("[0-9]{1,9}");
  }

  private List<Entry> side(LocalClient client, String side) throws Unreachable, Refused {
    if (!isNumber(side)) {
      return ofFile(side);
    }
    JsonObject args = args();
    args.addProperty("number", Long.parseLong(side));
    ConfigText text =
        client.view(client.ask("config-text", args, LocalClient.ANSWER_MS), ConfigText.class);
    return reader
        .read(text.toml().getBytes(StandardCharsets.UTF_8), Path.of(text.file()))
        .entries();
  }

  private List<Entry> ofFile(String side) {
    Path file = Path.of(side);
    if (!Files.isReadable(file) && spec != null) {
      throw new ParameterException(
          spec.commandLine(), side + " is neither a file that can be read nor a number");
    }
    ConfigReader.Result read = reader.read(file);
    if (read.entries().isEmpty() && spec != null) {
      throw new ParameterException(spec.commandLine(), read.problems().get(0).toString());
    }
    return read.entries();
  }

  private int show(List<Entry> before, List<Entry> after) {
    List<ConfigDiff.Change> changes = ConfigDiff.between(before, after);
    for (ConfigDiff.Change change : changes) {
      String was = change.before();
      String is = change.after();
      if (json()) {
        screen().json(new Gson().toJson(change));
      } else if (was == null) {
        screen().whole("+ " + change.path() + ": " + is);
      } else if (is == null) {
        screen().whole("- " + change.path() + ": " + was);
      } else {
        screen().whole("~ " + change.path() + ": " + orNone(was) + " -> " + orNone(is));
      }
    }
    if (changes.isEmpty() && !json()) {
      screen().line("no difference");
    }
    return ExitCode.DONE;
  }

  private static String orNone(String value) {
    return value.isEmpty() ? "(none)" : value;
  }
}
