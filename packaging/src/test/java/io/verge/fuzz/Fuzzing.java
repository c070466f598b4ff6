package io.verge.fuzz;

import java.util.Set;

/** What Jazzer calls: {@code -Dverge.fuzz=NAME} says the target; without it the first byte does. */
public final class Fuzzing {
  private static final String TARGET = System.getProperty("verge.fuzz", "all");

  private Fuzzing() {}

  /** By Jazzer's contract, before the first input: what is loaded once takes no input's time. */
  public static void fuzzerInitialize() throws Exception {
    for (String name : TARGET.equals("all") ? Targets.byName().keySet() : Set.of(TARGET)) {
      Targets.run(name, new byte[0]);
    }
  }

  /** By Jazzer's contract; whatever is thrown is a finding. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    if (TARGET.equals("all")) {
      Targets.runAny(input);
    } else {
      Targets.run(TARGET, input);
    }
  }
}
