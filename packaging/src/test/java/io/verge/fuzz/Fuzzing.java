package io.verge.fuzz;

/** What Jazzer calls: {@code -Dverge.fuzz=NAME} says the target; without it the first byte does. */
public final class Fuzzing {
  private static final String TARGET = System.getProperty("verge.fuzz", "all");

  private Fuzzing() {}

  /** By Jazzer's contract; whatever is thrown is a finding. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    if (TARGET.equals("all")) {
      Targets.runAny(input);
    } else {
      Targets.run(TARGET, input);
    }
  }
}
