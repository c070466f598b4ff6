package io.verge.simulator.street;

import java.util.function.DoubleSupplier;

/** A container under a distance sensor; a person may empty it, and mount the sensor elsewhere. */
final class SimulatedBin {
  private final DoubleSupplier waste;
  private final int emptyMm;
  private final int fullMm;
  private volatile double taken;
  private volatile int higherMm;

  /**
   * @param waste 0..1, as it would be if nobody but the usual lorry came.
   * @param emptyMm from the sensor to the floor, as first mounted.
   * @param fullMm from the sensor to the full line, as first mounted.
   */
  SimulatedBin(DoubleSupplier waste, int emptyMm, int fullMm) {
    this.waste = waste;
    this.emptyMm = emptyMm;
    this.fullMm = fullMm;
  }

  /** 0..1. */
  double fill() {
    double whole = waste.getAsDouble();
    if (whole < taken) {
      taken = 0;
    }
    return whole - taken;
  }

  int distanceMm() {
    return (int) (emptyMm - (emptyMm - fullMm) * fill()) + higherMm;
  }

  void empty() {
    taken = waste.getAsDouble();
  }

  /** Mounts a sensor so much higher than the first one was. */
  void mount(int mm) {
    higherMm = mm;
  }
}
