package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.driver.FrameDecoder;
import io.verge.local.ItemView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    description = {
      "The whole street on one screen; keys open an asset and show its frames.",
      "With a pattern, --lines, --json or --count, or without a terminal: samples and events as"
          + " they come, a line each, until Ctrl-C."
    },
    footer = {"", "Example: verge watch", "         verge watch 'lamp-1*'"},
    mixinStandardHelpOptions = true)
final class WatchCommand extends Asking {
  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      description = "ASSET, ASSET/POINT; * and ? stand for other characters.")
  private @Nullable String pattern;

  @Option(names = "--count", paramLabel = "N", description = "Ends after N lines.")
  private long count;

  @Option(names = "--lines", description = "Lines, on a terminal too.")
  private boolean lines;

  private final List<FrameDecoder> decoders;
  private long taken;

  WatchCommand(Screen screen, List<FrameDecoder> decoders) {
    super(screen);
    this.decoders = List.copyOf(decoders);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    if (pattern == null && !lines && !json() && count == 0 && RawTerminal.isThere()) {
      return page(client);
    }
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

  private int page(LocalClient client) throws Unreachable, Refused {
    boolean colour = screen().colour();
    try (RawTerminal terminal = RawTerminal.open(System.in, screen().out())) {
      new WatchScreen(client, terminal, Glyphs.of(colour), decoders).show();
      return ExitCode.DONE;
    } catch (IOException e) {
      screen()
          .error(
              "no page on this terminal: " + e.getMessage(), "Lines instead: verge watch --lines");
      return ExitCode.WRONG;
    }
  }
}
