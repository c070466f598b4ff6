package io.verge.simulator.faults;

import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.backend.Report;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.simulator.keys.Authority;
import io.verge.simulator.world.LiveGateway;
import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import io.verge.uplink.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Scenes of more than one gateway process: turned away and mended, doubled, without a clock. */
final class LivesScene implements LinkScene {
  private static final String HOST = "127.0.0.1";
  private static final double HASTEN = 30;
  private static final long SECOND = 1_000_000_000L;
  private static final int LIFE_SECONDS = 5;
  private static final int TOGETHER_SECONDS = 15;
  private static final Duration DAY = Duration.ofDays(1);

  /** What a scene is. */
  private interface Play {
    LinkBooks run(long seed, Path folder, Ledger ledger) throws Exception;
  }

  private final String name;
  private final Play play;

  private LivesScene(String name, Play play) {
    this.name = name;
    this.play = play;
  }

  static List<LinkScene> all() {
    return List.of(
        new LivesScene(
            "mqtts, certificate expired",
            (seed, folder, ledger) ->
                turnedAway(
                    seed,
                    folder,
                    ledger,
                    (authority, in) -> {
                      Instant now = Instant.now();
                      authority.sign("bad", now.minus(DAY.multipliedBy(2)), now.minus(DAY), HOST);
                    })),
        new LivesScene(
            "mqtts, wrong host name",
            (seed, folder, ledger) ->
                turnedAway(
                    seed,
                    folder,
                    ledger,
                    (authority, in) -> {
                      authority.sign("bad", "another.example");
                    })),
        new LivesScene(
            "mqtts, wrong authority",
            (seed, folder, ledger) ->
                turnedAway(
                    seed,
                    folder,
                    ledger,
                    (authority, in) -> {
                      new Authority(in, "stranger").sign("bad", HOST);
                    })),
        new LivesScene("clock at 1970, time from the acks", LivesScene::withoutClock),
        new LivesScene("two gateways with one identity", LivesScene::twins));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public LinkBooks run(long seed, Path folder) throws Exception {
    try (Ledger ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.NORMAL)) {
      return play.run(seed, folder, ledger);
    }
  }

  private static Broker broker(Ledger ledger, BrokerSettings settings) throws IOException {
    Broker broker = new Broker(settings).start();
    MqttFront.on(broker, new Receiver(ledger, System::currentTimeMillis));
    return broker;
  }

  /** Makes the identity {@code bad}. */
  private interface Forger {
    void forge(Authority authority, Path folder) throws IOException;
  }

  /** A server that must not be believed, then, with a gateway started anew, the right one. */
  private static LinkBooks turnedAway(long seed, Path folder, Ledger ledger, Forger forger)
      throws Exception {
    Ticker ticker = new SystemTicker();
    Authority authority = new Authority(folder, "authority");
    forger.forge(authority, folder);
    authority.sign("city", HOST);
    Path ca = authority.pem("authority");
    long acquired;
    String why;
    String state;
    int port;
    try (Broker wrong = broker(ledger, tls(0, ca, authority, "bad"));
        LiveGateway live = gateway(seed, folder, wrong.port(), ca)) {
      port = wrong.port();
      ticker.sleepUntil(ticker.nanos() + LIFE_SECONDS * SECOND);
      state = live.gateway().uplinks().get(0).view().state();
      why = live.gateway().uplinks().get(0).view().why();
      acquired = stopped(live, ticker);
    }
    long early = ledger.report().totalReadings();
    try (Broker right = broker(ledger, tls(port, ca, authority, "city"));
        LiveGateway live = gateway(seed, folder, right.port(), ca)) {
      ticker.sleepUntil(ticker.nanos() + LIFE_SECONDS * SECOND);
      live.gateway().stopPolling();
      int drained = LiveScene.drained(live, ticker);
      return LinkBooks.of(
              acquired + live.acquired(),
              0,
              ledger.report(),
              0,
              "'" + why + "', mended, drained in " + drained + " s")
          .must(state.equals("refused"), "state was " + state)
          .must(early == 0, early + " readings went to a stranger");
    }
  }

  private static BrokerSettings tls(int port, Path ca, Authority authority, String identity)
      throws IOException {
    return new BrokerSettings(
        HOST,
        port,
        Map.of(),
        Tls.context(ca, authority.pem(identity), authority.key(identity)),
        false);
  }

  private static LiveGateway gateway(long seed, Path folder, int port, Path ca) throws Exception {
    return new LiveGateway(
        seed,
        folder,
        LiveScene.uplink("mqtts://" + HOST + ":" + port, "ca = \"" + ca + "\"\n"),
        HASTEN,
        null);
  }

  /** Ends polling, and waits until all that was taken is committed; how much it was. */
  private static long stopped(LiveGateway live, Ticker ticker) {
    live.gateway().stopPolling();
    while (live.gateway().counters().get("readings.journaled") < live.acquired()) {
      ticker.sleepUntil(ticker.nanos() + SECOND / 20);
    }
    return live.acquired();
  }

  private static LinkBooks withoutClock(long seed, Path folder, Ledger ledger) throws Exception {
    Ticker ticker = new SystemTicker();
    BareClock clock = new BareClock(ticker);
    int port;
    try (Broker later = broker(ledger, BrokerSettings.plain(0))) {
      port = later.port();
    }
    String rest = LiveScene.uplink("mqtt://" + HOST + ":" + port, "");
    try (LiveGateway live = new LiveGateway(seed, folder, rest, HASTEN, clock)) {
      ticker.sleepUntil(ticker.nanos() + LIFE_SECONDS * SECOND);
      boolean early = clock.isTrusted();
      try (Broker broker = broker(ledger, BrokerSettings.plain(port))) {
        ticker.sleepUntil(ticker.nanos() + LIFE_SECONDS * SECOND);
        live.gateway().stopPolling();
        int drained = LiveScene.drained(live, ticker);
        long off = Math.abs(clock.utcMs() - System.currentTimeMillis());
        return LinkBooks.of(
                live.acquired(),
                0,
                ledger.report(),
                0,
                "the clock is "
                    + off
                    + " ms off in the end, drained in "
                    + drained
                    + " s, port "
                    + (broker.port() == port ? "kept" : "changed"))
            .must(!early, "trusted before anybody told the time")
            .must(clock.isTrusted() && off < 2000, "the clock is " + off + " ms off");
      }
    }
  }

  private static LinkBooks twins(long seed, Path folder, Ledger ledger) throws Exception {
    Ticker ticker = new SystemTicker();
    try (Broker broker = broker(ledger, BrokerSettings.plain(0))) {
      String rest = LiveScene.uplink("mqtt://" + HOST + ":" + broker.port(), "");
      Path one = Files.createDirectory(folder.resolve("one"));
      Path other = Files.createDirectory(folder.resolve("other"));
      try (LiveGateway first = new LiveGateway(seed, one, rest, HASTEN, null);
          LiveGateway second = new LiveGateway(seed + 1, other, rest, HASTEN, null)) {
        ticker.sleepUntil(ticker.nanos() + TOGETHER_SECONDS * SECOND);
        long falls = falls(first) + falls(second);
        second.gateway().stopPolling();
        LiveScene.drained(second, ticker);
        long acquired = stopped(second, ticker);
        second.gateway().stop();
        first.gateway().stopPolling();
        int drained = LiveScene.drained(first, ticker);
        Report report = ledger.report();
        long epochs = report.rows().stream().map(Report.Row::epoch).distinct().count();
        return LinkBooks.of(
                acquired + first.acquired(),
                0,
                report,
                0,
                falls + " connections taken over, drained in " + drained + " s")
            .must(epochs == 2, epochs + " epochs in the ledger")
            .must(falls > 0, "they did not meet");
      }
    }
  }

  private static long falls(LiveGateway live) {
    return live.gateway().counters().get("uplink.city.breaks");
  }
}
