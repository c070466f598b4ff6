package io.verge.simulator.street;

/** What runs through one water meter. */
interface Tap {
  /** Cubic metres an hour, now. */
  double flow();

  /** Cubic metres since the meter was made. */
  double total();
}
