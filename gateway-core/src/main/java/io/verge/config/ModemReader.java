package io.verge.config;

import io.verge.autonomy.Ladder;
import io.verge.autonomy.Ladder.Rung;
import io.verge.autonomy.Ladder.Step;
import io.verge.autonomy.PlanGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code [modem]}: what is done about a modem behind which nothing is acked. */
final class ModemReader {
  private static final long DAY = 86_400_000L;
  private static final long MINUTE = 60_000L;
  private static final int MOST_A_DAY = 50;

  private final Path folder;
  private final Map<String, List<String>> operations;
  private final List<PlanGroup> plans;

  /**
   * @param operations what each asset can be told to do.
   */
  ModemReader(Path folder, Map<String, List<String>> operations, List<PlanGroup> plans) {
    this.folder = folder;
    this.operations = operations;
    this.plans = plans;
  }

  /**
   * @return null where there is nothing to do.
   */
  SiteConfig.@Nullable Modem read(TomlSettings table) {
    String asset = asset(table, "asset", "reregister", "a device with driver = \"at\"");
    String power = asset(table, "power", "set-level", "a device with driver = \"relay\"");
    for (PlanGroup plan : plans) {
      if (plan.lamps().contains(power)) {
        table.reject("power", "plan '" + plan.name() + "' switches it", "take it out of the plan");
      }
    }
    long powerOff = table.millis("power_off", 1_000, 10 * MINUTE, 10_000L);
    Path reboot = table.has("reboot_file") ? folder.resolve(table.text("reboot_file", "")) : null;
    List<Step> steps = new ArrayList<>();
    add(steps, table, Rung.REREGISTER, 12, !asset.isEmpty());
    add(steps, table, Rung.RADIO, 6, !asset.isEmpty());
    add(steps, table, Rung.RESET, 4, !asset.isEmpty());
    add(steps, table, Rung.POWER, 3, !power.isEmpty());
    add(steps, table, Rung.REBOOT, 1, reboot != null);
    Ladder ladder =
        new Ladder(
            table.millis("after", MINUTE, DAY, 15 * MINUTE),
            table.millis("pause", MINUTE, DAY, 10 * MINUTE),
            table.millis("lock_out", MINUTE, 7 * DAY, 6 * 60 * MINUTE),
            steps);
    return steps.isEmpty() ? null : new SiteConfig.Modem(asset, power, powerOff, reboot, ladder);
  }

  private String asset(TomlSettings table, String key, String operation, String expected) {
    if (!table.has(key)) {
      return "";
    }
    String asset = table.text(key, "");
    if (!operations.containsKey(asset)) {
      table.reject(key, "no device '" + asset + "'", Nearest.hint(asset, operations.keySet()));
    } else if (!operations.getOrDefault(asset, List.of()).contains(operation)) {
      table.reject(key, "'" + asset + "' takes no " + operation, "expected " + expected);
    }
    return asset;
  }

  private static void add(
      List<Step> steps, TomlSettings table, Rung rung, long usual, boolean isPossible) {
    long aDay = table.integer(rung.word() + "_a_day", 0, MOST_A_DAY, usual);
    if (isPossible && aDay > 0) {
      steps.add(new Step(rung, (int) aDay));
    }
  }
}
