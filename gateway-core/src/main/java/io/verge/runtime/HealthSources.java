package io.verge.runtime;

import io.verge.health.HealthPoint;
import io.verge.local.CardView;
import io.verge.model.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the gateway's figures of itself come from: those that this computer has, and no others. */
final class HealthSources {
  private static final Logger LOG = LoggerFactory.getLogger(HealthSources.class);
  private static final long DISK_UNIT = 1_000_000;
  private static final String SIGNAL = "modem.generic.signal-quality.value";

  /** A figure that may be missing, or can't be read. */
  private interface Source {
    OptionalLong read() throws IOException;
  }

  private final long restarts;
  private final Map<HealthPoint, Source> sources = new EnumMap<>(HealthPoint.class);

  /** Told once, until they can be read again. */
  private final Set<HealthPoint> failing = EnumSet.noneOf(HealthPoint.class);

  /**
   * @param root of the file system; {@code /} but in tests.
   * @param data folder of the store.
   * @param card under the store; null: there is none that can be watched.
   * @param endurance whether somebody said how much may be written to it.
   * @param watched what was last seen of the card, or null.
   * @param monthBytes of all uplinks; null: there are no uplinks.
   * @param restarts how often the gateway was started on this store before.
   */
  HealthSources(
      Path root,
      Path data,
      @Nullable Card card,
      boolean endurance,
      Supplier<@Nullable CardView> watched,
      @Nullable LongSupplier monthBytes,
      long restarts) {
    this.restarts = restarts;
    Machine machine = new Machine(root);
    Vitals vitals = new Vitals(root);
    present(HealthPoint.CPU_TEMPERATURE, () -> tenths(machine.temperatureMilli()));
    present(HealthPoint.LOAD, vitals::load);
    present(HealthPoint.MEMORY_FREE, vitals::memoryFree);
    put(HealthPoint.DISK_FREE, () -> OptionalLong.of(data.toFile().getUsableSpace() / DISK_UNIT));
    if (card != null) {
      present(HealthPoint.CARD_USED, () -> toLong(card.usedPercent()));
      put(HealthPoint.CARD_WRITTEN, () -> kibibytes(watched.get()));
      if (endurance) {
        put(HealthPoint.CARD_DAYS, () -> days(watched.get()));
      }
    }
    if (machine.hasModemManager()) {
      put(HealthPoint.MODEM_SIGNAL, () -> signal(machine));
    }
    if (monthBytes != null) {
      put(HealthPoint.DATA_MONTH, () -> OptionalLong.of(monthBytes.getAsLong() >> 10));
    }
    put(HealthPoint.RESTARTS, () -> OptionalLong.of(restarts));
    present(HealthPoint.UPTIME, vitals::uptime);
    present(HealthPoint.THROTTLED, machine::throttled);
  }

  private void put(HealthPoint point, Source source) {
    sources.put(point, source);
  }

  private void present(HealthPoint point, Source source) {
    if (read(point, source).isPresent()) {
      put(point, source);
    }
  }

  private OptionalLong read(HealthPoint point, Source source) {
    try {
      OptionalLong found = source.read();
      failing.remove(point);
      return found;
    } catch (IOException | NumberFormatException e) {
      if (failing.add(point)) {
        LOG.warn("{} can't be read: {}", point.type().name(), e.getMessage());
      }
      return OptionalLong.empty();
    }
  }

  private static OptionalLong tenths(OptionalLong milli) {
    return milli.isEmpty() ? milli : OptionalLong.of(Math.round(milli.getAsLong() / 100.0));
  }

  private static OptionalLong toLong(OptionalInt number) {
    return number.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number.getAsInt());
  }

  private static OptionalLong kibibytes(@Nullable CardView card) {
    Long perDay = card == null ? null : card.dayBytes();
    return perDay == null ? OptionalLong.empty() : OptionalLong.of(perDay >> 10);
  }

  private static OptionalLong days(@Nullable CardView card) {
    Long days = card == null ? null : card.lifeDays();
    return days == null ? OptionalLong.empty() : OptionalLong.of(days);
  }

  private static OptionalLong signal(Machine machine) throws IOException {
    String percent = machine.modem().map(said -> said.getOrDefault(SIGNAL, "")).orElse("");
    return percent.matches("[0-9]{1,3}")
        ? OptionalLong.of(Long.parseLong(percent))
        : OptionalLong.empty();
  }

  long restarts() {
    return restarts;
  }

  /** In the order of the values. */
  List<HealthPoint> points() {
    return List.copyOf(sources.keySet());
  }

  /** Scaled by each point's decimals; {@link Sample#NONE} for what can't be read now. */
  long[] values() {
    return sources.entrySet().stream()
        .mapToLong(one -> read(one.getKey(), one.getValue()).orElse(Sample.NONE))
        .toArray();
  }
}
