package io.verge.drivers.wire.container;

import io.verge.driver.BusException;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The distances that count: the configured ones, or those measured on the spot. A calibration holds
 * as long as the configuration says what it said then; who changes it there means it.
 *
 * <p>Kept: empty and full in mm, then empty and full as configured at that time.
 */
public final class Calibration {
  public static final String OPERATION = "calibrate";
  static final String EMPTY = "empty";
  static final String FULL = "full";
  static final String FORGET = "forget";

  /** Stands for what the sensor measures. */
  static final String NOW = "now";

  private static final int KEPT = 4;

  /** Echoes heard now, as a readout with the points of {@link Fill}. */
  @FunctionalInterface
  public interface Measuring {
    Readout measure(Mounting mounting) throws BusException;
  }

  private final Mounting configured;
  private Mounting mounting;
  private boolean isKept;
  private String loss = "";

  /**
   * @param keep as {@link #kept} kept it; null: never calibrated.
   */
  public Calibration(Mounting configured, long @Nullable [] keep) {
    this.configured = configured;
    this.mounting = configured;
    if (keep == null) {
      return;
    }
    if (keep.length != KEPT || !isPossible(keep[0], keep[1])) {
      loss = "the kept calibration was damaged: the configured distances count, calibrate again";
    } else if (keep[2] == configured.emptyMm() && keep[3] == configured.fullMm()) {
      mounting = configured.at((int) keep[0], (int) keep[1]);
      isKept = true;
    }
  }

  /** What holds now. */
  public Mounting mounting() {
    return mounting;
  }

  /** The readout with what is to be kept; it is suspect while a kept calibration is lost. */
  public Readout kept(Readout readout) {
    boolean isLost = readout.quality() == Quality.GOOD && !loss.isEmpty();
    return new Readout(
        isLost ? Quality.SUSPECT : readout.quality(),
        readout.values(),
        readout.pointQuality(),
        isLost ? loss : readout.why(),
        keep());
  }

  /**
   * {@code calibrate}: {@code empty} and {@code full} are millimetres, or {@code now} for what the
   * sensor measures; {@code forget} goes back to the configured distances.
   */
  public Outcome execute(Order order, Measuring measuring) throws BusException {
    if (!order.op().equals(OPERATION)) {
      return rejected("this device takes no '" + order.op() + "'");
    }
    if (!measures(order.args())) {
      return set(order.args(), null);
    }
    Readout echoes = measuring.measure(mounting);
    return switch (echoes.quality()) {
      case GOOD -> set(order.args(), Echoes.of(echoes));
      case SUSPECT ->
          Outcome.of(
              Outcome.State.FAILED,
              "not measured well enough: "
                  + echoes.why()
                  + "; is anything in the beam, or the lid open?");
      default -> Outcome.of(Outcome.State.FAILED, "nothing measured: " + echoes.why());
    };
  }

  /** Null while nothing was ever calibrated. */
  private long @Nullable [] keep() {
    return isKept
        ? new long[] {
          mounting.emptyMm(), mounting.fullMm(), configured.emptyMm(), configured.fullMm()
        }
        : null;
  }

  private static boolean measures(Map<String, Object> args) {
    return NOW.equals(args.get(EMPTY)) || NOW.equals(args.get(FULL));
  }

  /**
   * @param echoes what the sensor measures now, without doubt; null if no argument needs it.
   */
  private Outcome set(Map<String, Object> args, @Nullable Echoes echoes) {
    boolean forgets = Boolean.TRUE.equals(args.get(FORGET));
    boolean sets = args.containsKey(EMPTY) || args.containsKey(FULL);
    if (forgets == sets) {
      return rejected("expected empty, full or both, or forget alone");
    }
    long empty = configured.emptyMm();
    long full = configured.fullMm();
    if (sets) {
      Long givenEmpty = distance(args.get(EMPTY), mounting.emptyMm(), echoes);
      Long givenFull = distance(args.get(FULL), mounting.fullMm(), echoes);
      if (givenEmpty == null || givenFull == null) {
        return rejected("expected empty and full as whole mm, or \"now\"");
      }
      empty = givenEmpty;
      full = givenFull;
    }
    if (!isPossible(empty, full)) {
      return rejected(
          "empty "
              + empty
              + " mm and full "
              + full
              + " mm, expected full below empty, both within "
              + configured.leastMm()
              + ".."
              + configured.mostMm()
              + " mm");
    }
    Map<String, Object> details = details(empty, full, echoes);
    mounting = configured.at((int) empty, (int) full);
    isKept = true;
    loss = "";
    return Outcome.done(details);
  }

  private Map<String, Object> details(long empty, long full, @Nullable Echoes echoes) {
    Map<String, Object> details = new HashMap<>();
    details.put("empty_mm", empty);
    details.put("full_mm", full);
    details.put("empty_before_mm", (long) mounting.emptyMm());
    details.put("full_before_mm", (long) mounting.fullMm());
    if (echoes != null) {
      details.put("measured_mm", echoes.median());
      details.put("spread_mm", echoes.spread());
      details.put("echoes", echoes.count());
    }
    return details;
  }

  private static @Nullable Long distance(
      @Nullable Object given, long before, @Nullable Echoes echoes) {
    if (given == null) {
      return before;
    }
    if (given instanceof Long mm) {
      return mm;
    }
    return given.equals(NOW) && echoes != null ? echoes.median() : null;
  }

  private boolean isPossible(long empty, long full) {
    return full < empty && full >= configured.leastMm() && empty <= configured.mostMm();
  }

  private static Outcome rejected(String why) {
    return Outcome.of(Outcome.State.REJECTED, why);
  }
}
