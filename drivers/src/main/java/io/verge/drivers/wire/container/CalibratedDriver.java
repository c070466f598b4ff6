package io.verge.drivers.wire.container;

import io.verge.driver.BusException;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What drivers of a container's fill have in common: points, and distances of which those measured
 * on the spot with {@code calibrate} count more than the configured ones.
 *
 * @param <S> the session with the sensor.
 */
public abstract class CalibratedDriver<S> {
  private final Calibration calibration;

  /**
   * @param keep as a readout of this driver kept it; null: never calibrated.
   */
  protected CalibratedDriver(Mounting mounting, long @Nullable [] keep) {
    this.calibration = new Calibration(mounting, keep);
  }

  /** Echoes heard now, as a readout with the points of {@link Fill}. */
  protected abstract Readout measured(S session, Mounting mounting) throws BusException;

  public final List<PointType> points() {
    return Fill.POINTS;
  }

  public final List<String> operations() {
    return List.of(Calibration.OPERATION);
  }

  public final boolean remembers(String op) {
    return op.equals(Calibration.OPERATION);
  }

  public final Readout poll(S session) throws BusException {
    return calibration.kept(measured(session, calibration.mounting()));
  }

  public final Outcome execute(S session, Order order) throws BusException {
    return calibration.execute(order, mounting -> measured(session, mounting));
  }
}
