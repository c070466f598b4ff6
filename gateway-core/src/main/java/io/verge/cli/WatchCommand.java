package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.ItemView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    description = "Samples and events as they come, until Ctrl-C.",
    footer = {"", "Example: verge watch 'lamp-1*'"},
    mixinStandardHelpOptions = true)
final class WatchCommand extends Asking {
  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      description = "ASSET, ASSET/POINT; * and ? stand for other characters.")
  private @Nullable String pattern;

  @Option(names = "--count", paramLabel = "N", description = "Ends after N lines.")
  private long count;

  private long taken;

  WatchCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject args = args();
    if (pattern != null) {
      args.addProperty("pattern", pattern);
    }
    client.views(
        "watch",
        args,
        LocalClient.NO_LIMIT,
        ItemView.class,
        (item, raw) -> {
          if (json()) {
            screen().json(raw);
          } else {
            screen().whole(Lines.of(item));
          }
          taken++;
          return goesOn() && (count == 0 || taken < count);
        });
    return ExitCode.DONE;
  }
}
