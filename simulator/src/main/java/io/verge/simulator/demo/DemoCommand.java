package io.verge.simulator.demo;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verge demo}. */
@CommandLine.Command(
    name = "demo",
    description =
        "A whole street on this computer: simulated devices on pseudo-terminals, the real gateway,"
            + " an embedded back end over MQTT or CoAP, an outage; ends with the reconciliation.",
    footer = {
      "",
      "Example: verge demo --seconds 60 --outage 20..40 --no-tui",
      "         verge demo --uplink coaps",
      "         verge demo --also sparkplug"
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,6})\\.\\.([0-9]{1,6})");

  /** A simulated second takes so many of the demo's polls: intervals are divided by it. */
  static final double HASTEN = 20;

  private final PrintStream out;
  private final PrintStream err;

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(names = "--seconds", defaultValue = "60", description = "how long (default: 60)")
  private int seconds;

  @Option(names = "--speed", defaultValue = "720", description = "how fast the street's day runs")
  private double speed;

  @Option(
      names = "--outage",
      paramLabel = "A..B",
      defaultValue = "20..40",
      description = "seconds between which the link is silent (default: 20..40)")
  private String outage = "";

  @Option(
      names = "--uplink",
      paramLabel = "WAY",
      defaultValue = "mqtt",
      description = "mqtt, mqtts, coap or coaps; keys are made for the run (default: mqtt)")
  private String uplink = "";

  @Option(
      names = "--also",
      paramLabel = "CODEC",
      defaultValue = "",
      description =
          "sparkplug: a second uplink at the same time, Sparkplug B to an independent host in a"
              + " process of its own (from a checkout only)")
  private String also = "";

  @Option(names = "--seed", defaultValue = "1", description = "which street (default: 1)")
  private long seed;

  @Option(names = "--no-tui", description = "one line a second instead of a live screen")
  private boolean noTui;

  DemoCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws Exception {
    Matcher range = RANGE.matcher(outage);
    if (!range.matches()
        || Integer.parseInt(range.group(1)) >= Integer.parseInt(range.group(2))
        || seconds < 5) {
      throw new ParameterException(
          java.util.Objects.requireNonNull(spec).commandLine(),
          "--seconds " + seconds + " --outage " + outage + ": expected for example 60 and 20..40");
    }
    if (!City.WAYS.contains(uplink)) {
      throw new ParameterException(
          java.util.Objects.requireNonNull(spec).commandLine(),
          "--uplink " + uplink + ": expected one of " + String.join(", ", City.WAYS));
    }
    if (!also.isEmpty() && !also.equals("sparkplug")) {
      throw new ParameterException(
          java.util.Objects.requireNonNull(spec).commandLine(),
          "--also " + also + ": expected sparkplug");
    }
    if (!also.isEmpty() && !Operator.isPossible()) {
      err.println(
          "verge: --also sparkplug needs the host's libraries (Eclipse Tahu), which are built with a"
              + " checkout: packaging/verge demo --also sparkplug");
      return 2;
    }
    boolean live = !noTui && System.console() != null;
    try (Demo demo = new Demo(seed, speed, HASTEN, uplink, !also.isEmpty(), out, err, live)) {
      return demo.run(seconds, Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)));
    }
  }

  /** The uplink's tables of a configuration; flush intervals are hastened as the polls are. */
  static String uplink(String url, double hasten) {
    return "[store]\nflush_telemetry = \""
        + Math.max(1000, Math.round(300_000 / hasten))
        + "ms\"\nflush_meter = \""
        + Math.max(1000, Math.round(900_000 / hasten))
        + "ms\"\n\n[[uplink]]\nname = \"city\"\nurl = \""
        + url
        + "\"\nack_timeout = \"5s\"\nkeep_alive = \"10s\"\n"
        + (url.startsWith("mqtt") ? "keep_alive_max = \"10s\"\n" : "");
  }
}
