package io.verge.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Questions to the person at the asset, answered a line each. */
final class Questions {
  /** What a person says. */
  enum Answer {
    YES,
    NO,
    SKIP
  }

  /** The person has gone, or wants to go on another time. */
  static final class Stopped extends Exception {}

  /** Characters of a note. */
  private static final int TEXT_MAX = 500;

  private final BufferedReader in;
  private final Screen screen;
  private final boolean unattended;

  /**
   * @param unattended nobody is there: what only a person can see is skipped.
   */
  Questions(InputStream in, Screen screen, boolean unattended) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.screen = screen;
    this.unattended = unattended;
  }

  boolean isUnattended() {
    return unattended;
  }

  Answer ask(String question) throws Stopped, IOException {
    while (!unattended) {
      String line = line(question + " [y]es [n]o [s]kip [q]uit");
      if (line == null) {
        throw new Stopped();
      }
      switch (line) {
        case "y", "yes", "" -> {
          return Answer.YES;
        }
        case "n", "no" -> {
          return Answer.NO;
        }
        case "s", "skip" -> {
          return Answer.SKIP;
        }
        case "q", "quit" -> throw new Stopped();
        default -> screen.line("  y, n, s or q");
      }
    }
    return Answer.SKIP;
  }

  /** Some words, or none; also if the person has gone: what was found is kept. */
  String text(String question) throws IOException {
    String line = unattended ? null : line(question + " (enter: none)");
    return line == null ? "" : line;
  }

  private @Nullable String line(String question) throws IOException {
    screen.line("  " + question);
    String line = in.readLine();
    if (line == null) {
      return null;
    }
    String text = Text.clean(line.strip());
    return text.substring(0, Math.min(TEXT_MAX, text.length()));
  }
}
