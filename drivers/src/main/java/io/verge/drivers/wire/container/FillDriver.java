package io.verge.drivers.wire.container;

import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.wire.listen.Hearing;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.model.Quality;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Fill of a container from the median of several echoes of a sensor that talks by itself. What was
 * measured on the spot with {@code calibrate} counts more than the configured distances.
 */
public final class FillDriver implements SerialDriver {
  /** What {@code distance} gives for a frame that says there was no echo to believe. */
  public static final int NO_ECHO = -1;

  /** The slowest sensor sends every 300 ms; three periods without a frame is silence. */
  private static final int ECHO_WAIT_MS = 1000;

  private final Calibration calibration;
  private final Framer framer;
  private final byte[] trigger;
  private final ToIntFunction<byte[]> distance;

  /**
   * @param trigger sent before each echo; empty for a sensor that talks by itself.
   * @param distance millimetres of a checked frame, or {@link #NO_ECHO}.
   * @param keep as a readout of this driver kept it; null: never calibrated.
   */
  public FillDriver(
      Mounting mounting,
      Framer framer,
      byte[] trigger,
      ToIntFunction<byte[]> distance,
      long @Nullable [] keep) {
    this.calibration = new Calibration(mounting, keep);
    this.framer = framer;
    this.trigger = trigger.clone();
    this.distance = distance;
  }

  @Override
  public List<PointType> points() {
    return Fill.POINTS;
  }

  @Override
  public List<String> operations() {
    return List.of(Calibration.OPERATION);
  }

  @Override
  public boolean remembers(String op) {
    return op.equals(Calibration.OPERATION);
  }

  @Override
  public Readout poll(BusSession bus) throws BusException {
    Mounting mounting = calibration.mounting();
    Hearing hearing = hear(bus, mounting);
    if (hearing.frames().isEmpty()) {
      return kept(Readout.without(hearing.end(), Fill.POINTS.size()));
    }
    return kept(filled(mounting, hearing));
  }

  private Hearing hear(BusSession bus, Mounting mounting) throws BusException {
    return trigger.length == 0
        ? Hearing.of(bus, framer, 0, mounting.echoes(), ECHO_WAIT_MS)
        : Hearing.asked(bus, framer, trigger, mounting.echoes());
  }

  private Readout filled(Mounting mounting, Hearing hearing) {
    return Fill.of(mounting, hearing.frames().stream().mapToInt(distance).toArray());
  }

  private Readout kept(Readout readout) {
    boolean isLost = readout.quality() == Quality.GOOD && !calibration.loss().isEmpty();
    return new Readout(
        isLost ? Quality.SUSPECT : readout.quality(),
        readout.values(),
        readout.pointQuality(),
        isLost ? calibration.loss() : readout.why(),
        calibration.keep());
  }

  /**
   * {@code calibrate}: {@code empty} and {@code full} are millimetres, or {@code now} for what the
   * sensor measures; {@code forget} goes back to the configured distances.
   */
  @Override
  public Outcome execute(BusSession bus, Order order) throws BusException {
    if (!order.op().equals(Calibration.OPERATION)) {
      return SerialDriver.super.execute(bus, order);
    }
    if (!Calibration.measures(order.args())) {
      return calibration.set(order.args(), null);
    }
    Mounting mounting = calibration.mounting();
    Hearing hearing = hear(bus, mounting);
    if (hearing.frames().isEmpty()) {
      return Outcome.of(
          Outcome.State.FAILED,
          "nothing measured: " + Readout.without(hearing.end(), Fill.POINTS.size()).why());
    }
    Readout echoes = filled(mounting, hearing);
    return echoes.quality() == Quality.GOOD
        ? calibration.set(order.args(), Echoes.of(echoes))
        : Outcome.of(
            Outcome.State.FAILED,
            "not measured well enough: "
                + echoes.why()
                + "; is anything in the beam, or the lid open?");
  }
}
