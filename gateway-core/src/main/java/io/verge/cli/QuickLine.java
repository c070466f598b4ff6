package io.verge.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the command lines people type most, {@code status}, {@code points}, {@code buffer}, {@code
 * uplink} and {@code events}, without picocli, whose reflection costs more than the answer does.
 * The commands are the same objects; a line with anything unusual in it is left to picocli.
 */
public final class QuickLine {
  private static final List<String> WORDS =
      List.of("status", "points", "buffer", "uplink", "events");

  private final Screen screen;
  private final Iterator<String> rest;
  private boolean json;
  private @Nullable String socket;
  private @Nullable String pattern;
  private boolean goesOn;
  private int last = EventsCommand.LAST;

  private QuickLine(Screen screen, List<String> rest) {
    this.screen = screen;
    this.rest = rest.iterator();
  }

  /**
   * Runs the line if it is a usual one.
   *
   * @return its exit code, or null: nothing was done.
   */
  public static @Nullable Integer run(String[] args, PrintStream out, PrintStream err) {
    if (args.length == 0 || !WORDS.contains(args[0])) {
      return null;
    }
    List<String> all = Arrays.asList(args);
    Screen screen = new Screen(out, err, Screen.wantsColour());
    QuickLine line = new QuickLine(screen, all.subList(1, all.size()));
    Asking command = line.isUsual(args[0]) ? line.command(args[0]) : null;
    if (command == null) {
      return null;
    }
    command.ask(line.json, Path.of(line.socket()));
    try {
      return command.call();
    } catch (IOException e) {
      screen.error("verge " + args[0] + ": " + e.getMessage(), "");
      return ExitCode.WRONG;
    }
  }

  private boolean isUsual(String word) {
    while (rest.hasNext()) {
      String arg = rest.next();
      boolean known =
          switch (arg) {
            case "--json" -> json = true;
            case "--socket" -> (socket = next()) != null;
            case "--watch" -> goesOn = word.equals("points");
            case "--follow" -> goesOn = word.equals("events");
            case "--last" -> word.equals("events") && count(next());
            default -> word.equals("points") && pattern == null && isPattern(arg);
          };
      if (!known) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String next() {
    return rest.hasNext() ? rest.next() : null;
  }

  private boolean count(@Nullable String text) {
    if (text == null || !text.matches("[0-9]{1,6}")) {
      return false;
    }
    last = Integer.parseInt(text);
    return true;
  }

  private boolean isPattern(String arg) {
    if (arg.isEmpty() || arg.charAt(0) == '-' || arg.charAt(0) == '@') {
      return false;
    }
    pattern = arg;
    return true;
  }

  private String socket() {
    String given = socket == null ? System.getenv("VERGE_SOCKET") : socket;
    return given == null ? Asking.SOCKET : given;
  }

  private @Nullable Asking command(String word) {
    return switch (word) {
      case "status" -> new StatusCommand(screen);
      case "points" -> new PointsCommand(screen).of(pattern, goesOn);
      case "buffer" -> new BufferCommand(screen);
      case "uplink" -> new UplinkCommand(screen);
      case "events" -> new EventsCommand(screen).of(last, goesOn);
      default -> null;
    };
  }
}
