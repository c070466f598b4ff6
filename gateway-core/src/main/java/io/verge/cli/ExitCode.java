package io.verge.cli;

/** The exit codes of every command. */
public final class ExitCode {
  public static final int DONE = 0;

  /** Done, and something is wrong. */
  public static final int WRONG = 1;

  public static final int USAGE = 2;

  /** No gateway answers on the control socket. */
  public static final int UNREACHABLE = 3;

  /** The gateway understood and would not do it. */
  public static final int REFUSED = 4;

  private ExitCode() {}
}
