package io.verge.simulator.faults;

import java.nio.file.Path;

/** One thing that goes wrong between a gateway and its back ends, and what must come of it. */
interface LinkScene {
  String name();

  /** What it needs and this computer has not, and the next step; empty: nothing. */
  default String missing() {
    return "";
  }

  /**
   * @param folder of its own, empty.
   */
  LinkBooks run(long seed, Path folder) throws Exception;
}
