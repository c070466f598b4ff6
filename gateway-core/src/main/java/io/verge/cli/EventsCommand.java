package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.EventView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "events",
    description = "What happened, oldest first.",
    footer = {"", "Example: verge events --last 50 --follow"},
    mixinStandardHelpOptions = true)
final class EventsCommand extends Asking {
  /** How many of the past, if nobody says. */
  static final int LAST = 20;

  @Option(names = "--follow", description = "Goes on with what happens, until Ctrl-C.")
  private boolean follow;

  @Option(
      names = "--last",
      paramLabel = "N",
      description = "How many of the past (default: ${DEFAULT-VALUE}).")
  private int last = LAST;

  EventsCommand(Screen screen) {
    super(screen);
  }

  /** What picocli would have set. */
  EventsCommand of(int most, boolean goesOn) {
    last = most;
    follow = goesOn;
    return this;
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject args = args();
    args.addProperty("most", last);
    args.addProperty("follow", follow);
    client.views(
        "events",
        args,
        follow ? LocalClient.NO_LIMIT : LocalClient.ANSWER_MS,
        EventView.class,
        (event, raw) -> {
          if (json()) {
            screen().json(raw);
          } else {
            screen().whole(Lines.event(event));
          }
          return goesOn();
        });
    return ExitCode.DONE;
  }
}
