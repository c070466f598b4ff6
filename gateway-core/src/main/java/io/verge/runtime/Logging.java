package io.verge.runtime;

import java.io.PrintStream;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * One line an entry on stderr, with the journal's priority prefix ({@code <4>}) when stderr is the
 * journal, and without time stamps of our own there.
 */
final class Logging extends Handler {
  /** Loggers held so that their levels are not collected with them. */
  private static final Logger[] QUIETED = {
    Logger.getLogger("com.pi4j"),
    Logger.getLogger("org.eclipse.paho.mqttv5"),
    Logger.getLogger("org.eclipse.californium")
  };

  private final PrintStream target;
  private final boolean journal;

  private Logging(PrintStream target, boolean journal) {
    this.target = target;
    this.journal = journal;
  }

  /** Replaces whatever handlers there are. */
  static void install(PrintStream target, Level level) {
    LogManager.getLogManager().reset();
    for (Logger logger : QUIETED) {
      logger.setLevel(Level.OFF);
    }
    Logger root = Logger.getLogger("");
    root.setLevel(level);
    root.addHandler(new Logging(target, System.getenv("JOURNAL_STREAM") != null));
  }

  @Override
  public void publish(LogRecord entry) {
    if (!isLoggable(entry)) {
      return;
    }
    StringBuilder line = new StringBuilder();
    if (journal) {
      line.append('<').append(priority(entry.getLevel())).append('>');
    } else {
      line.append(entry.getLevel() == Level.INFO ? "" : word(entry.getLevel()) + " ");
    }
    line.append(oneLine(String.valueOf(entry.getMessage())));
    Throwable thrown = entry.getThrown();
    if (thrown != null) {
      line.append(" cause=\"").append(oneLine(thrown.toString())).append('"');
      for (StackTraceElement at : thrown.getStackTrace()) {
        if (at.getClassName().startsWith("io.verge")) {
          line.append(" at=").append(at.getFileName()).append(':').append(at.getLineNumber());
          break;
        }
      }
    }
    target.println(line);
  }

  private static int priority(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return 3;
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return 4;
    }
    return level.intValue() >= Level.INFO.intValue() ? 6 : 7;
  }

  private static String word(Level level) {
    return switch (priority(level)) {
      case 3 -> "ERROR";
      case 4 -> "WARN";
      case 6 -> "";
      default -> "DEBUG";
    };
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ').replace('\r', ' ');
  }

  @Override
  public void flush() {
    target.flush();
  }

  @Override
  public void close() {
    flush();
  }

  @Override
  protected void reportError(
      @org.jspecify.annotations.Nullable String message,
      @org.jspecify.annotations.Nullable Exception failure,
      int code) {
    if (code != ErrorManager.CLOSE_FAILURE) {
      target.println("log entry lost: " + message);
    }
  }
}
