package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.CommandView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "resend",
    description = {
      "Sends batches that are still on disk once more, byte for byte.",
      "For a back end that lost what it had acked; it must want them, since it passes over a batch"
          + " it has acked."
    },
    footer = {"", "Example: verge resend telemetry 120..180"},
    mixinStandardHelpOptions = true)
final class ResendCommand extends Asking {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})(?:\\.\\.(\\d{1,18}))?");

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "LANE",
      description = "event, meter or telemetry.",
      completionCandidates = LaneWords.class)
  private String lane = "";

  @Parameters(
      index = "1",
      paramLabel = "FIRST..LAST",
      description = "Batch numbers, as in verge buffer; or one number.")
  private String range = "";

  @Option(
      names = "--uplink",
      paramLabel = "NAME",
      description = "Which; needed where there are several.")
  private @Nullable String uplink;

  /** Lanes, for completion. */
  static final class LaneWords extends java.util.ArrayList<String> {
    private static final long serialVersionUID = 1;

    LaneWords() {
      super(java.util.List.of("event", "meter", "telemetry"));
    }
  }

  ResendCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    Matcher numbers = RANGE.matcher(range);
    long first = numbers.matches() ? Long.parseLong(numbers.group(1)) : 0;
    long last = first == 0 || numbers.group(2) == null ? first : Long.parseLong(numbers.group(2));
    if (first < 1 || last < first) {
      String wrong = "'" + range + "' is not a range of batches: expected for example 120..180";
      if (spec == null) {
        throw new IllegalStateException(wrong);
      }
      throw new ParameterException(spec.commandLine(), wrong);
    }
    JsonObject args = args();
    args.addProperty("lane", lane);
    args.addProperty("first", first);
    args.addProperty("last", last);
    if (uplink != null) {
      args.addProperty("uplink", uplink);
    }
    JsonObject answer = client.ask("resend", args, LocalClient.ANSWER_MS);
    if (json()) {
      screen().json(answer);
      return ExitCode.DONE;
    }
    CommandView command = client.view(answer, CommandView.class);
    screen().line("Begun: " + Lines.pairs(command.args()) + ". How it ends: verge commands");
    return ExitCode.DONE;
  }
}
