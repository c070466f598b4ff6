package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.VersionView;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What commands share that change the configuration. */
abstract class ConfigChanging extends Asking {
  /** A gateway that starts anew is away for seconds. */
  private static final long AWAY_MS = 60_000;

  private static final long LOOK_MS = 250;
  private static final String TRIAL = "trial";

  /** How it went, and as it came. */
  private record Seen(VersionView view, JsonObject raw) {}

  ConfigChanging(Screen screen) {
    super(screen);
  }

  final JsonObject change(String op) {
    JsonObject args = args();
    args.addProperty("op", op);
    String behind = System.getenv("SUDO_USER");
    if (behind != null && behind.matches("[\\w.@-]{1,64}")) {
      args.addProperty("for", behind);
    }
    return args;
  }

  /** Asks for the change; if a version is on trial then, waits for the verdict. */
  final int follow(LocalClient client, JsonObject args, boolean wait) throws Unreachable, Refused {
    JsonObject answer = client.ask("config", args, LocalClient.FIELD_MS);
    VersionView view = client.view(answer, VersionView.class);
    if (!view.state().equals(TRIAL)) {
      return tell(new Seen(view, answer));
    }
    if (!json()) {
      screen()
          .line(
              "version "
                  + view.number()
                  + " is on trial"
                  + (wait ? ": buses, devices and uplinks must prove healthy" : ""));
    }
    if (!wait) {
      if (json()) {
        screen().json(answer);
      } else {
        screen().line("Keep it: verge config confirm   Give it back: verge config rollback");
      }
      return ExitCode.DONE;
    }
    return tell(verdict(view.number()));
  }

  private int tell(Seen seen) {
    VersionView view = seen.view();
    boolean holds = view.state().equals("active");
    if (json()) {
      screen().json(seen.raw());
    } else if (holds) {
      screen().good("version " + view.number() + " holds" + note(view));
    } else {
      screen().wrapped("", "version " + view.number() + " was given back" + note(view), "  ");
    }
    return holds ? ExitCode.DONE : ExitCode.WRONG;
  }

  private static String note(VersionView view) {
    return view.note().isEmpty() ? "" : ": " + view.note();
  }

  /** The gateway starts anew under us, at once and perhaps once more. */
  private Seen verdict(long number) throws Unreachable, Refused {
    long deadline = System.nanoTime() + AWAY_MS * 1_000_000;
    while (true) {
      try {
        Seen seen = look(number);
        if (seen != null && !seen.view().state().equals(TRIAL)) {
          return seen;
        }
        deadline = System.nanoTime() + AWAY_MS * 1_000_000;
      } catch (Unreachable e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
      }
      pause();
    }
  }

  private @Nullable Seen look(long number) throws Unreachable, Refused {
    Seen[] found = new Seen[1];
    try (LocalClient client = LocalClient.open(socket())) {
      client.views(
          "configs",
          args(),
          LocalClient.ANSWER_MS,
          VersionView.class,
          (view, raw) -> {
            if (view.number() == number) {
              found[0] = new Seen(view, raw);
            }
            return true;
          });
    } catch (IOException e) {
      screen().error("closing the connection: " + e.getMessage(), "");
    }
    return found[0];
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the verdict", e);
    }
  }
}
