package io.verge.runtime;

import io.verge.config.SiteConfig;
import io.verge.local.BufferView;
import io.verge.local.CardView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What {@code verge doctor} asks of the computer itself: card, heat, supply, overlays. */
final class BoardChecks {
  private static final int WORN_WARNING = 80;
  private static final int WORN_BAD = 100;
  private static final long LIFE_DAYS_MIN = 730;
  private static final long HOT_MILLI = 70_000;
  private static final long TOO_HOT_MILLI = 80_000;

  /**
   * Bits of {@code get_throttled}: now, and since boot. Source: Raspberry Pi documentation,
   * "vcgencmd", get_throttled.
   */
  private static final long UNDER_VOLTAGE = 0x1;

  private static final long UNDER_VOLTAGE_WAS = 0x10000;
  private static final long SLOWED = 0xE;
  private static final long SLOWED_WAS = 0xE0000;

  private final Machine machine;
  private final Path data;

  BoardChecks(Machine machine, Path data) {
    this.machine = machine;
    this.data = data;
  }

  /**
   * @param buffer what the running gateway says of its store, or null.
   */
  List<Finding> examine(SiteConfig site, @Nullable BufferView buffer) throws IOException {
    List<Finding> findings = new ArrayList<>();
    if (Files.isDirectory(data)) {
      findings.add(disk());
      card(findings, buffer == null ? null : buffer.card());
    }
    findings.add(temperature());
    supply(findings);
    overlays(findings, site);
    return findings;
  }

  private Finding disk() throws IOException {
    if (Files.getFileStore(data).isReadOnly()) {
      return Finding.bad(
          "disk",
          data + " lies on a file system that is read-only",
          "The kernel does that after errors: dmesg; save the data, replace the card");
    }
    OptionalLong errors = machine.fileSystemErrors(data);
    return errors.orElse(0) > 0
        ? Finding.bad(
            "disk",
            "the file system of " + data + " has had " + errors.getAsLong() + " errors",
            "dmesg | grep -i error; check it when unmounted (e2fsck), plan a new card")
        : Finding.good("disk", "writable, no errors on record");
  }

  private void card(List<Finding> findings, @Nullable CardView seen) throws IOException {
    Optional<Card> found = machine.card(data);
    if (found.isEmpty()) {
      findings.add(Finding.unknown("card", data + " lies on no card or disk of this computer", ""));
      return;
    }
    Card card = found.get();
    OptionalInt used = card.usedPercent();
    String name = card.name() + ", " + (card.bytes() >> 30) + " GiB";
    if (used.isPresent()) {
      String sentence = name + ": up to " + used.getAsInt() + " % of its life is used";
      String advice = "Replace it at the next visit; what is buffered is on it";
      findings.add(
          used.getAsInt() >= WORN_BAD
              ? Finding.bad("card", sentence, advice)
              : used.getAsInt() >= WORN_WARNING
                  ? Finding.warning("card", sentence, advice)
                  : Finding.good("card", sentence));
      return;
    }
    Long days = seen == null ? null : seen.lifeDays();
    if (days == null) {
      findings.add(
          Finding.unknown(
              "card",
              name + " does not tell its wear, and has not been watched for long enough",
              "After some days: verge buffer"));
    } else {
      String sentence =
          name + " would last " + days / 365 + " years from new at the rate of these days";
      findings.add(
          days < LIFE_DAYS_MIN
              ? Finding.warning("card", sentence, "Who writes so much? iotop -ao; verge buffer")
              : Finding.good("card", sentence));
    }
  }

  private Finding temperature() throws IOException {
    OptionalLong milli = machine.temperatureMilli();
    if (milli.isEmpty()) {
      return Finding.unknown("temperature", "this computer has no thermometer", "");
    }
    String sentence = String.format(Locale.ROOT, "%.1f degrees", milli.getAsLong() / 1000.0);
    if (milli.getAsLong() >= TOO_HOT_MILLI) {
      return Finding.bad(
          "temperature", sentence + ": it slows down to save itself", "Shade, a vent, a heat sink");
    }
    return milli.getAsLong() >= HOT_MILLI
        ? Finding.warning("temperature", sentence, "Is the cabinet's vent free?")
        : Finding.good("temperature", sentence);
  }

  private void supply(List<Finding> findings) throws IOException {
    OptionalLong throttled = machine.throttled();
    if (throttled.isEmpty()) {
      findings.add(Finding.unknown("supply", "this computer does not tell under-voltage", ""));
      return;
    }
    long bits = throttled.getAsLong();
    String advice = "5.1 V at the board under load; a short thick cable; a stronger supply";
    if ((bits & UNDER_VOLTAGE) != 0) {
      findings.add(Finding.bad("supply", "too low right now", advice));
    } else if ((bits & UNDER_VOLTAGE_WAS) != 0) {
      findings.add(Finding.warning("supply", "was too low since the last boot", advice));
    } else if ((bits & (SLOWED | SLOWED_WAS)) != 0) {
      findings.add(
          Finding.warning(
              "supply", "good; the processor was slowed down for its heat", "Is the vent free?"));
    } else {
      findings.add(Finding.good("supply", "never too low since boot"));
    }
  }

  /** UARTs and PWM of a Raspberry Pi exist only where the firmware was told so. */
  private void overlays(List<Finding> findings, SiteConfig site) throws IOException {
    String model = machine.model();
    Optional<List<String>> lines = machine.firmwareLines();
    if (!model.contains("Raspberry Pi") || lines.isEmpty()) {
      return;
    }
    for (SiteConfig.Bus bus : site.buses()) {
      String wanted = overlay(bus.port().scheme(), bus.port().place(), model);
      if (!wanted.isEmpty()) {
        boolean has =
            lines.get().stream().anyMatch(line -> line.matches("dtoverlay=(" + wanted + ")(,.*)?"));
        String first = wanted.split("\\|", -1)[0];
        findings.add(
            has
                ? Finding.good(
                    "overlay " + bus.name(), "config.txt has it for " + bus.port().place())
                : Finding.warning(
                    "overlay " + bus.name(),
                    "config.txt has no dtoverlay=" + first + " for " + bus.port().place(),
                    "Add it to /boot/firmware/config.txt and restart the computer"));
      }
    }
  }

  private static String overlay(String scheme, String place, String model) {
    if (scheme.equals("pwm")) {
      return "pwm-2chan|pwm";
    }
    if (scheme.equals("serial") && place.endsWith("ttyAMA0") && model.matches(".*Pi [34].*")) {
      return "disable-bt|miniuart-bt";
    }
    return scheme.equals("serial") && place.matches(".*ttyAMA[1-5]") ? "uart[0-5](-pi5)?" : "";
  }
}
