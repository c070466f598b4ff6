package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all commands share that ask the running gateway. */
abstract class Asking implements Callable<Integer> {
  static final String SOCKET = "/run/verge/verge.sock";

  private final Screen screen;

  @Option(names = "--json", description = "JSON: one object, or one a line for lists.")
  private boolean json;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "The gateway's control socket (default: VERGE_SOCKET, or ${DEFAULT-VALUE}).",
      defaultValue = "${env:VERGE_SOCKET:-" + SOCKET + "}")
  private Path socket = Path.of("");

  Asking(Screen screen) {
    this.screen = screen;
  }

  /** Asks, prints, and says the exit code. */
  abstract int ask(LocalClient client) throws Unreachable, Refused;

  /** The exit code where no gateway is needed; null: ask one. */
  @Nullable Integer alone() throws IOException {
    return null;
  }

  final Path socket() {
    return socket;
  }

  /** What picocli would have set. */
  final void ask(boolean inJson, Path where) {
    json = inJson;
    socket = where;
  }

  final Screen screen() {
    return screen;
  }

  final boolean json() {
    return json;
  }

  @Override
  public final Integer call() throws IOException {
    Integer alone = alone();
    if (alone != null) {
      return alone;
    }
    try (LocalClient client = LocalClient.open(socket)) {
      return ask(client);
    } catch (Unreachable e) {
      return report("unreachable", String.valueOf(e.getMessage()), e.next(), ExitCode.UNREACHABLE);
    } catch (Refused e) {
      int code =
          switch (e.code()) {
            case Protocol.NOT_FOUND, Protocol.BAD_REQUEST, Protocol.TOO_LONG -> ExitCode.USAGE;
            case Protocol.FAILED -> ExitCode.WRONG;
            default -> ExitCode.REFUSED;
          };
      return report(e.code(), String.valueOf(e.getMessage()), e.next(), code);
    }
  }

  private int report(String word, String message, String next, int code) {
    if (json) {
      JsonObject error = new JsonObject();
      error.addProperty("code", word);
      error.addProperty("message", message);
      error.addProperty("next", next);
      JsonObject object = new JsonObject();
      object.add("error", error);
      screen.json(object);
    } else {
      screen.error(message, next);
    }
    return code;
  }

  /** Goes on unless whoever reads us has gone. */
  final boolean goesOn() {
    return !screen.out().checkError();
  }

  static JsonObject args() {
    return new JsonObject();
  }
}
