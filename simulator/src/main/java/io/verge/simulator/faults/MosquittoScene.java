package io.verge.simulator.faults;

import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.MqttClientFront;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.link.LinkEmulator;
import io.verge.simulator.link.LinkSettings;
import io.verge.simulator.world.LiveGateway;
import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The shipped gateway and a back end that is a client like any other, with a real broker between
 * them; skipped where there is no mosquitto.
 */
final class MosquittoScene implements LinkScene {
  private static final double HASTEN = 30;
  private static final int SECONDS = 25;
  private static final int DRAIN_SECONDS_MAX = 240;
  private static final long SECOND = 1_000_000_000L;
  private static final int LATENCY_MS = 40;
  private static final int JITTER_MS = 20;

  /** What becomes of the broker. */
  private interface End {
    void of(RealBroker broker) throws Exception;
  }

  private final String name;
  private final int lossPerMille;
  private final End end;

  private MosquittoScene(String name, int lossPerMille, End end) {
    this.name = name;
    this.lossPerMille = lossPerMille;
    this.end = end;
  }

  static List<LinkScene> all() {
    return List.of(
        new MosquittoScene("mosquitto, restarted", 0, RealBroker::stop),
        new MosquittoScene("mosquitto, killed and restarted", 0, RealBroker::kill),
        new MosquittoScene("mosquitto, killed, 5 % loss", 50, RealBroker::kill));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String missing() {
    return RealBroker.installed() == null
        ? "there is no mosquitto; as root: apt-get install mosquitto"
        : "";
  }

  @Override
  public LinkBooks run(long seed, Path folder) throws Exception {
    Path binary = RealBroker.installed();
    if (binary == null) {
      throw new IllegalStateException(missing());
    }
    try (Ledger ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.NORMAL);
        RealBroker broker = new RealBroker(binary, folder);
        LinkEmulator link =
            new LinkEmulator(
                new LinkSettings(
                    0,
                    new InetSocketAddress("127.0.0.1", broker.port()),
                    LATENCY_MS,
                    JITTER_MS,
                    lossPerMille,
                    0,
                    seed));
        MqttClientFront city =
            new MqttClientFront(
                URI.create("mqtt://127.0.0.1:" + broker.port()),
                new Receiver(ledger, System::currentTimeMillis))) {
      LinkBooks books = live(seed, folder, ledger, broker, link.port());
      return books.must(city.front().failures() == 0, "the back end could not commit");
    }
  }

  private LinkBooks live(long seed, Path folder, Ledger ledger, RealBroker broker, int port)
      throws Exception {
    Ticker ticker = new SystemTicker();
    String rest = LiveScene.uplink("mqtt://127.0.0.1:" + port, "");
    try (LiveGateway live = new LiveGateway(seed, folder, rest, HASTEN, null)) {
      long begin = ticker.nanos();
      int struck = 0;
      for (int second = 1; second <= SECONDS; second++) {
        ticker.sleepUntil(begin + second * SECOND);
        if (second % 9 == 4) {
          end.of(broker);
          struck++;
        } else if (second % 9 == 7) {
          broker.start();
        }
      }
      live.gateway().stopPolling();
      int drained = LiveScene.drained(live, ticker);
      long breaks = live.gateway().counters().get("uplink.city.breaks");
      return LinkBooks.of(
              live.acquired(),
              0,
              ledger.report(),
              live.gateway().counters().get("uplink.city.batches_sent")
                  - live.gateway().counters().get("batches.sealed"),
              "drained in " + drained + " s, struck " + struck + " times")
          .must(drained < DRAIN_SECONDS_MAX, "not drained")
          .must(breaks > 0, "the broker was ended, and no connection broke")
          .must(live.failure() == null, "a worker ended: " + live.failure());
    }
  }
}
