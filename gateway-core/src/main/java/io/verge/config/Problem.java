package io.verge.config;

/**
 * Something wrong in a configuration file.
 *
 * @param line from 1 on.
 * @param column from 1 on.
 * @param key where, for example {@code bus.device.every}; empty for the file as a whole.
 * @param hint what to do, or empty.
 */
public record Problem(String file, int line, int column, String key, String message, String hint) {
  @Override
  public String toString() {
    return file
        + ":"
        + line
        + ":"
        + column
        + ": "
        + (key.isEmpty() ? "" : key + ": ")
        + message
        + (hint.isEmpty() ? "" : "; " + hint);
  }
}
