package io.verge.cli;

/** The exit codes of every command. */
public final class ExitCode {
  public static final int DONE = 0;

  /** Done, and something is wrong. */
  public static final int WRONG = 1;

  public static final int USAGE = 2;

  private ExitCode() {}
}
