package io.verge.simulator.demo;

import io.verge.runtime.Found;
import io.verge.simulator.link.LinkEmulator;
import io.verge.simulator.link.LinkSettings;
import io.verge.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verge simulate link}. */
@CommandLine.Command(
    name = "link",
    description =
        "A mobile link on loopback between a gateway and a back end, TCP and UDP on one port:"
            + " latency, jitter, loss, bandwidth, silence without a reset, a new address.",
    footer = {
      "",
      "Example: verge simulate link --port 2883 --target 127.0.0.1:1883 --latency 600"
          + " --rate 8000 --outage 60..120"
    },
    mixinStandardHelpOptions = true)
final class SimulateLinkCommand implements Callable<Integer> {
  private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9._-]{1,253}):([0-9]{1,5})");
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,7})\\.\\.([0-9]{1,7})");
  private static final int REPORT_SECONDS = 10;

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(names = "--port", defaultValue = "0", description = "where the gateway connects")
  private int port;

  @Option(names = "--target", required = true, paramLabel = "HOST:PORT", description = "back end")
  private String target = "";

  @Option(names = "--latency", defaultValue = "40", description = "ms, one way (default: 40)")
  private int latency;

  @Option(names = "--rate", defaultValue = "0", description = "bytes/s each way; 0: no limit")
  private int rate;

  @Option(names = "--jitter", defaultValue = "0", description = "ms, added at random, one way")
  private int jitter;

  @Option(
      names = "--loss",
      defaultValue = "0",
      description = "%% of packets; a TCP segment comes later by its retransmissions")
  private double loss;

  @Option(names = "--seed", defaultValue = "1", description = "of every random choice")
  private long seed;

  @Option(
      names = "--outage",
      paramLabel = "A..B",
      description = "seconds after the start in which nothing passes; may be given again")
  private List<String> outages = List.of();

  @Option(
      names = "--new-address",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "how often the bearer changes its address; 0: never")
  private int newAddress;

  @Option(names = "--seconds", defaultValue = "0", description = "ends after; 0: on SIGTERM")
  private long seconds;

  private record Silence(long from, long to) {}

  @Override
  public Integer call() throws IOException {
    LinkSettings settings = settings();
    List<Silence> silences = silences();
    Ticker ticker = Found.ticker();
    try (LinkEmulator link = new LinkEmulator(settings)) {
      System.err.println(
          "verge: the link leads from 127.0.0.1:" + link.port() + " to " + target + " (TCP, UDP)");
      long begin = ticker.nanos();
      boolean silent = false;
      for (long second = 1; seconds == 0 || second <= seconds; second++) {
        ticker.sleepUntil(begin + second * 1_000_000_000L);
        long now = second;
        boolean wanted = silences.stream().anyMatch(s -> now >= s.from() && now < s.to());
        if (wanted != silent) {
          silent = wanted;
          link.outage(silent);
          System.err.println(
              "verge: " + second + " s: the link " + (silent ? "falls silent" : "is back"));
        }
        if (newAddress > 0 && second % newAddress == 0) {
          link.drop();
          System.err.println("verge: " + second + " s: a new address");
        }
        if (second % REPORT_SECONDS == 0) {
          System.out.printf(
              Locale.ROOT,
              "%d s, %d bytes up, %d down%n",
              second,
              link.bytesUp(),
              link.bytesDown());
        }
      }
    }
    return 0;
  }

  private LinkSettings settings() {
    Matcher address = ADDRESS.matcher(target);
    if (!address.matches()) {
      throw wrong("--target " + target + ": expected for example 127.0.0.1:1883");
    }
    int at = Integer.parseInt(address.group(2));
    if (at < 1 || at > 65_535 || port < 0 || port > 65_535) {
      throw wrong("--target " + target + " --port " + port + ": a port is 1..65535");
    }
    try {
      return new LinkSettings(
          port,
          new InetSocketAddress(address.group(1), at),
          latency,
          jitter,
          (int) Math.round(loss * 10),
          rate,
          seed);
    } catch (IllegalArgumentException e) {
      throw wrong(
          "--latency, --jitter, --loss, --rate: "
              + e.getMessage()
              + ", expected 0..60000 ms, 0..90 %, 0 or more");
    }
  }

  private List<Silence> silences() {
    List<Silence> silences = new ArrayList<>();
    for (String text : outages) {
      Matcher range = RANGE.matcher(text);
      if (!range.matches()
          || Integer.parseInt(range.group(1)) >= Integer.parseInt(range.group(2))) {
        throw wrong("--outage " + text + ": expected for example 60..120");
      }
      silences.add(new Silence(Long.parseLong(range.group(1)), Long.parseLong(range.group(2))));
    }
    return silences;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), what);
  }
}
