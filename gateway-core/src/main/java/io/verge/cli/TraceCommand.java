package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder;
import io.verge.local.FrameView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "trace",
    description = "The last frames of a bus, then each as it passes, until Ctrl-C.",
    footer = {"", "Example: verge trace rs485-1"},
    mixinStandardHelpOptions = true)
final class TraceCommand extends Asking {
  private final List<FrameDecoder> decoders;

  @Parameters(index = "0", paramLabel = "BUS", description = "The bus's name.")
  private String bus = "";

  @Option(names = "--count", paramLabel = "N", description = "Ends after N frames.")
  private long count;

  private long taken;

  TraceCommand(Screen screen, List<FrameDecoder> decoders) {
    super(screen);
    this.decoders = List.copyOf(decoders);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject args = args();
    args.addProperty("bus", bus);
    client.views(
        "trace",
        args,
        LocalClient.NO_LIMIT,
        FrameView.class,
        (frame, raw) -> {
          String meaning = meaning(frame, decoders);
          if (json()) {
            raw.addProperty("meaning", meaning);
            screen().json(raw);
          } else {
            screen().whole(line(frame, meaning));
          }
          taken++;
          return goesOn() && (count == 0 || taken < count);
        });
    return ExitCode.DONE;
  }

  static String line(FrameView frame, String meaning) {
    String spaced = frame.hex().replaceAll("..(?=.)", "$0 ");
    String at = frame.at() == null ? frame.monoMs() + " ms" : frame.at();
    String line = at + (frame.sent() ? "  >  " : "  <  ") + spaced;
    return meaning.isEmpty() ? line : line + "  " + meaning;
  }

  /** What the decoder of the bus's family makes of it; empty where there is none. */
  static String meaning(FrameView frame, List<FrameDecoder> decoders) {
    for (FrameDecoder decoder : decoders) {
      if (decoder.protocol().equals(frame.protocol())
          && Hex.parse(frame.hex()) instanceof Decoded.Valid<byte[]> bytes) {
        return decoder.decode(bytes.value())
                instanceof Decoded.Valid<FrameDecoder.Explained> explained
            ? explained.value().title()
            : "not a whole frame";
      }
    }
    return "";
  }
}
