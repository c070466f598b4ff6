package io.verge.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.verge.config.ConfigReader;
import io.verge.config.Problem;
import io.verge.config.ProfileInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge profiles …}. */
@Command(
    name = "profiles",
    description = "Lists the Modbus devices that have a profile: ours, and the site's own.",
    footer = {"", "Example: verge profiles --config /etc/verge/gateway.toml"},
    mixinStandardHelpOptions = true)
final class ProfilesCommand implements Callable<Integer> {
  private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();
  private final ConfigReader reader;
  private final PrintStream out;
  private final PrintStream err;

  @Mixin private ConfigOption configured = new ConfigOption();

  @Option(
      names = "--json",
      description = "One object a profile: name, type, maker, model, source, points, own.")
  private boolean json;

  ProfilesCommand(ConfigReader reader, PrintStream out, PrintStream err) {
    this.reader = reader;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    Path folder = configured.file().toAbsolutePath().getParent();
    try {
      for (ProfileInfo one : ProfileInfo.all(folder == null ? Path.of("/") : folder)) {
        out.println(
            json
                ? gson.toJson(one)
                : String.format(
                    "%-22s %-14s %2d points  %s",
                    one.name(),
                    one.type(),
                    one.points().size(),
                    (one.maker() + " " + one.model()).strip() + (one.own() ? " (own)" : "")));
      }
      return ExitCode.DONE;
    } catch (IOException e) {
      err.println("profiles beside " + configured.file() + " cannot be read: " + e.getMessage());
      return ExitCode.USAGE;
    }
  }

  @Command(
      name = "check",
      description = "Tells everything wrong with a profile, each with its place.",
      footer = {"", "Example: verge profiles check /etc/verge/profiles/my-meter.toml"},
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--json", description = "One object with an array of problems.")
          boolean asJson) {
    List<Problem> problems = reader.checkProfile(file);
    if (asJson) {
      out.println(gson.toJson(Map.of("problems", problems)));
    } else {
      problems.forEach(out::println);
      out.println(problems.isEmpty() ? "OK" : problems.size() + " problems");
    }
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.USAGE;
  }

  @Command(
      name = "new",
      description = "Prints a commented profile to begin with.",
      footer = {"", "Example: verge profiles new > /etc/verge/profiles/my-meter.toml"},
      mixinStandardHelpOptions = true)
  int create() throws IOException {
    try (InputStream in = ProfilesCommand.class.getResourceAsStream("/profile-skeleton.toml")) {
      if (in == null) {
        throw new IllegalStateException("the skeleton is missing from this build");
      }
      out.print(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    return ExitCode.DONE;
  }
}
