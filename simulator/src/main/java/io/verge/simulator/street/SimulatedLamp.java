package io.verge.simulator.street;

import io.verge.simulator.device.LampController;

/** A lamp: lit from dusk to dawn unless told otherwise. */
final class SimulatedLamp implements LampController.Lamp {
  private static final double DUSK = 17.5;
  private static final double DAWN = 7.0;
  private static final double STANDBY_WATTS = 0.6;

  private final SimulatedClock clock;
  private final double fullWatts;
  private final double phase;
  private volatile int commanded = -1;
  private volatile boolean isBroken;
  private double kilowattHours;
  private double hoursLit;
  private long lastMs;

  SimulatedLamp(SimulatedClock clock, double fullWatts, double phase) {
    this.clock = clock;
    this.fullWatts = fullWatts;
    this.phase = phase;
    this.kilowattHours = 120 + 300 * phase;
    this.hoursLit = 2_000 + 3_000 * phase;
    this.lastMs = clock.utcMs();
  }

  @Override
  public int level() {
    if (commanded >= 0) {
      return commanded;
    }
    double hour = clock.hour();
    if (hour >= DAWN && hour < DUSK) {
      return 0;
    }
    return hour < 5.5 ? 60 : 100;
  }

  @Override
  public void command(int level) {
    commanded = level;
  }

  /** Its controller goes on, and says that it burns. */
  void setBroken(boolean broken) {
    isBroken = broken;
  }

  @Override
  public double volts() {
    return 230 + 3 * Math.sin(clock.utcMs() / 600_000.0 + 6 * phase);
  }

  @Override
  public double watts() {
    int level = level();
    double ripple = 1 + 0.01 * Math.sin(clock.utcMs() / 47_000.0 + 40 * phase);
    return level == 0 || isBroken
        ? STANDBY_WATTS
        : fullWatts * (0.08 + 0.92 * level / 100.0) * ripple;
  }

  private synchronized void integrate() {
    long now = clock.utcMs();
    double hours = (now - lastMs) / 3_600_000.0;
    lastMs = now;
    kilowattHours += watts() * hours / 1000;
    hoursLit += level() > 0 ? hours : 0;
  }

  @Override
  public double kilowattHours() {
    integrate();
    return kilowattHours;
  }

  @Override
  public long hours() {
    integrate();
    return (long) hoursLit;
  }

  @Override
  public int faults() {
    return 0;
  }
}
