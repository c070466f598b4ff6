package io.verge.local;

/** The end of something that took a while: a view, or why there is none. */
public sealed interface Reply {
  /**
   * @param view a record of this package: {@link SampleView} for a read, {@link CommandView} for a
   *     command.
   */
  record Done(Record view) implements Reply {}

  /**
   * @param code one of the words of {@link Protocol}.
   * @param message what is wrong, one sentence.
   * @param next what the technician may do about it; may be empty.
   */
  record Refused(String code, String message, String next) implements Reply {}
}
