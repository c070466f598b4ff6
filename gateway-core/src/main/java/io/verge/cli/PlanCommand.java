package io.verge.cli;

import com.google.gson.Gson;
import io.verge.autonomy.PlanGroup;
import io.verge.autonomy.Timeline;
import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verge plan …}. */
@Command(
    name = "plan",
    description = "Looks at the lamp plan.",
    footer = {"", "Example: verge plan show --date 2026-12-24"},
    mixinStandardHelpOptions = true)
final class PlanCommand {
  private final ConfigReader reader;
  private final Screen screen;

  @Spec private @Nullable CommandSpec spec;

  PlanCommand(ConfigReader reader, Screen screen) {
    this.reader = reader;
    this.screen = screen;
  }

  @Command(
      name = "show",
      description = "Draws the night that begins on a date, as the configuration has it.",
      footer = {
        "",
        "Example: verge plan show --date 2026-12-24",
        "Each column of the picture is a third of an hour; what people command is not in it."
      },
      mixinStandardHelpOptions = true)
  int show(
      @Option(
              names = "--date",
              paramLabel = "DATE",
              description = "2026-12-24 (default: tonight, at the site)")
          @Nullable String date,
      @Mixin ConfigOption configured,
      @Option(names = "--json", description = "one object a group") boolean json) {
    Path file = configured.file();
    ConfigReader.Result result = reader.read(file);
    SiteConfig config = result.config();
    if (config == null) {
      result.problems().forEach(problem -> screen.err().println(problem));
      screen.error(
          result.problems().size() + " problems in " + file, "Try: verge config check " + file);
      return ExitCode.USAGE;
    }
    LocalDate evening = evening(date, config);
    SiteConfig.Plan plan = config.plan();
    if (plan.groups().isEmpty() && !json) {
      screen.line("no [[plan]] in " + file + ": lamps do what people command");
    }
    for (PlanGroup group : plan.groups()) {
      if (json) {
        screen.json(new Gson().toJson(object(group, evening, plan)));
      } else {
        if (group != plan.groups().get(0)) {
          screen.line("");
        }
        NightPicture.lines(group, evening, plan).forEach(screen::line);
      }
    }
    return ExitCode.DONE;
  }

  private LocalDate evening(@Nullable String date, SiteConfig config) {
    if (date == null) {
      return LocalDate.now(config.plan().place().zone());
    }
    try {
      return LocalDate.parse(date);
    } catch (DateTimeException e) {
      if (spec == null) {
        throw e;
      }
      throw new ParameterException(
          spec.commandLine(), "'" + date + "' is not a date; for example 2026-12-24", e);
    }
  }

  private static Map<String, Object> object(
      PlanGroup group, LocalDate evening, SiteConfig.Plan plan) {
    List<Map<String, Object>> changes =
        Timeline.night(group, evening, plan.place()).stream()
            .map(
                change ->
                    Map.<String, Object>of(
                        "at",
                        NightPicture.at(change.utcMs(), plan.place()).toOffsetDateTime().toString(),
                        "level",
                        change.level(),
                        "why",
                        change.why()))
            .toList();
    return Map.of(
        "plan",
        group.name(),
        "date",
        evening.toString(),
        "zone",
        plan.place().zone().getId(),
        "lamps",
        group.lamps(),
        "changes",
        changes);
  }
}
