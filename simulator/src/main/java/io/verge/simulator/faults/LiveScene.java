package io.verge.simulator.faults;

import io.verge.simulator.backend.BackEnd;
import io.verge.simulator.backend.CoapFront;
import io.verge.simulator.backend.CoapFrontSettings;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.backend.SpoiltBackEnd;
import io.verge.simulator.backend.SpoiltBackEnd.Habits;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.simulator.link.LinkEmulator;
import io.verge.simulator.link.LinkSettings;
import io.verge.simulator.street.Street;
import io.verge.simulator.world.LiveGateway;
import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The shipped gateway with its own MQTT and CoAP stacks, real sockets and threads, and its store,
 * for some seconds of a hastened street; the link emulator stands between it and the city.
 */
final class LiveScene implements LinkScene {
  private static final double HASTEN = 30;
  private static final int DRAIN_SECONDS_MAX = 240;

  /** What a gateway on a good link waits for an ack; a slow one gets some round trips more. */
  private static final int ACK_SECONDS = 5;

  private static final int TRIPS = 4;
  private static final long SECOND = 1_000_000_000L;

  private static final byte[] KEY =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  /** How the gateway reaches the city. */
  enum Way {
    MQTT,
    COAP,
    COAPS
  }

  /** What happens every second, to link and city. */
  @FunctionalInterface
  interface Each {
    void second(int second, Stage stage) throws Exception;
  }

  /** What a scene can reach. */
  static final class Stage {
    final LinkEmulator link;
    private final BackEnd backEnd;
    private @Nullable Broker broker;
    private int times;

    Stage(LinkEmulator link, BackEnd backEnd, @Nullable Broker broker) {
      this.link = link;
      this.backEnd = backEnd;
      this.broker = broker;
    }

    /** Something was done to the gateway. */
    void struck() {
      times++;
    }

    /** Ends the broker as a killed process does: connections are reset, nothing is kept. */
    void killBroker() {
      if (broker != null) {
        broker.close();
      }
      times++;
    }

    /** A new broker on the old one's port. */
    void startBroker() throws Exception {
      Broker old = broker;
      if (old != null) {
        Broker fresh = new Broker(BrokerSettings.plain(old.port())).start();
        MqttFront.on(fresh, backEnd);
        broker = fresh;
      }
    }

    int times() {
      return times;
    }
  }

  private final String name;
  private final Way way;
  private final int seconds;
  private final int[] link;
  private final Habits habits;
  private final int forgetPerMille;
  private final Each each;

  /**
   * @param link latency and jitter in milliseconds one way, loss per mille, bytes per second.
   * @param forgetPerMille batches that the broker takes and nobody commits.
   */
  LiveScene(
      String name, Way way, int seconds, int[] link, Habits habits, int forgetPerMille, Each each) {
    this.name = name;
    this.way = way;
    this.seconds = seconds;
    this.link = link.clone();
    this.habits = habits;
    this.forgetPerMille = forgetPerMille;
    this.each = each;
  }

  private static LiveScene bad(String name, Way way, int latency, int jitter, int loss, int rate) {
    return new LiveScene(
        name,
        way,
        15,
        new int[] {latency, jitter, loss, rate},
        Habits.NONE,
        0,
        (second, stage) -> {});
  }

  private static LiveScene events(String name, Way way, int seconds, Each each) {
    return new LiveScene(name, way, seconds, new int[] {40, 20, 0, 0}, Habits.NONE, 0, each);
  }

  static List<LinkScene> all() {
    return List.of(
        bad("mqtt, 5 % loss", Way.MQTT, 60, 40, 50, 0),
        bad("mqtt, 15 % loss", Way.MQTT, 60, 40, 150, 0),
        bad("mqtt, 30 % loss", Way.MQTT, 60, 40, 300, 0),
        bad("mqtt, 2 s one way, 1 s jitter", Way.MQTT, 2000, 1000, 0, 0),
        bad("mqtt, 9.6 kbit/s", Way.MQTT, 300, 50, 0, 1200),
        strands(20),
        events(
            "mqtt, silence for 12 s",
            Way.MQTT,
            20,
            (second, stage) -> {
              if (second == 3 || second == 15) {
                stage.link.outage(second == 3);
                stage.struck();
              }
            }),
        events("mqtt, broker killed and restarted", Way.MQTT, 20, LiveScene::kill),
        new LiveScene(
            "mqtt, broker acks and forgets, 20 %",
            Way.MQTT, 15, new int[] {40, 20, 0, 0}, Habits.NONE, 200, (second, stage) -> {}),
        habits("mqtt, dies before the ack, 20 %", Way.MQTT, new Habits(200, 0, 0, 0, 0)),
        habits("mqtt, acks that lie", Way.MQTT, new Habits(20, 200, 200, 200, 200)),
        bad("coap, 5 % loss", Way.COAP, 60, 40, 50, 0),
        bad("coap, 15 % loss", Way.COAP, 60, 40, 150, 0),
        bad("coap, 30 % loss", Way.COAP, 60, 40, 300, 0),
        bad("coap, 2 s one way, 1 s jitter", Way.COAP, 2000, 1000, 0, 0),
        bad("coap, 9.6 kbit/s", Way.COAP, 300, 50, 0, 1200),
        habits("coap, acks that lie", Way.COAP, new Habits(20, 200, 200, 200, 200)),
        rebinds("coap, new address every 2 s (30 s / 15)", Way.COAP),
        rebinds("coaps, new address every 2 s (30 s / 15)", Way.COAPS));
  }

  static LiveScene strands(int seconds) {
    return events(
        "mqtt, dropped without a reset",
        Way.MQTT,
        seconds,
        (second, stage) -> {
          if (second % 9 == 3) {
            stage.link.strand();
            stage.struck();
          }
        });
  }

  private static LiveScene habits(String name, Way way, Habits habits) {
    return new LiveScene(name, way, 15, new int[] {40, 20, 0, 0}, habits, 0, (second, stage) -> {});
  }

  private static LiveScene rebinds(String name, Way way) {
    return events(
        name,
        way,
        20,
        (second, stage) -> {
          if (second % 2 == 0) {
            stage.link.strand();
            stage.struck();
          }
        });
  }

  private static void kill(int second, Stage stage) throws Exception {
    if (second % 7 == 3) {
      stage.killBroker();
    } else if (second % 7 == 5) {
      stage.startBroker();
    }
  }

  @Override
  public String name() {
    return name;
  }

  /** Of the configuration: intervals that fit a street hastened by {@link #HASTEN}. */
  static String uplink(String url, String more) {
    return uplink(url, ACK_SECONDS, more);
  }

  private static String uplink(String url, int ackSeconds, String more) {
    return "[store]\nflush_telemetry = \"2s\"\nflush_meter = \"3s\"\n\n[[uplink]]\nname = \"city\"\n"
        + "url = \""
        + url
        + "\"\nack_timeout = \""
        + ackSeconds
        + "s\"\nkeep_alive = \"10s\"\n"
        + more;
  }

  @Override
  public LinkBooks run(long seed, Path folder) throws Exception {
    Random random = new Random(seed);
    try (Ledger ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.NORMAL)) {
      SpoiltBackEnd city =
          new SpoiltBackEnd(
              new Receiver(ledger, System::currentTimeMillis).asBackEnd(),
              habits,
              (head, bytes) -> forgetPerMille > 0 && random.nextInt(1000) < forgetPerMille,
              new Random(seed + 1));
      return way == Way.MQTT
          ? overMqtt(seed, folder, ledger, city)
          : overCoap(seed, folder, ledger, city);
    }
  }

  private LinkBooks overMqtt(long seed, Path folder, Ledger ledger, SpoiltBackEnd city)
      throws Exception {
    Broker broker = new Broker(BrokerSettings.plain(0)).start();
    MqttFront.on(broker, city);
    try (LinkEmulator emulator = emulator(broker.port(), seed)) {
      Stage stage = new Stage(emulator, city, broker);
      LinkBooks books = live(seed, folder, ledger, city, stage, "mqtt", "");
      stage.killBroker();
      return books;
    }
  }

  private LinkBooks overCoap(long seed, Path folder, Ledger ledger, SpoiltBackEnd city)
      throws Exception {
    boolean secure = way == Way.COAPS;
    CoapFrontSettings settings =
        secure ? CoapFrontSettings.psk(0, Street.GATEWAY, KEY) : CoapFrontSettings.plain(0);
    try (CoapFront front = new CoapFront(settings, city);
        LinkEmulator emulator = emulator(front.port(), seed)) {
      String more =
          secure
              ? "psk_identity = \""
                  + Street.GATEWAY
                  + "\"\npsk_file = \""
                  + LinkKeys.psk(folder, KEY)
                  + "\"\n"
              : "";
      return live(
          seed,
          folder,
          ledger,
          city,
          new Stage(emulator, city, null),
          secure ? "coaps" : "coap",
          more);
    }
  }

  private LinkEmulator emulator(int port, long seed) throws java.io.IOException {
    return new LinkEmulator(
        new LinkSettings(
            0, new InetSocketAddress("127.0.0.1", port), link[0], link[1], link[2], link[3], seed));
  }

  private LinkBooks live(
      long seed,
      Path folder,
      Ledger ledger,
      SpoiltBackEnd city,
      Stage stage,
      String scheme,
      String more)
      throws Exception {
    Ticker ticker = new SystemTicker();
    int trips = ACK_SECONDS + TRIPS * (2 * link[0] + link[1]) / 1000;
    String rest = uplink(scheme + "://127.0.0.1:" + stage.link.port(), trips, more);
    try (LiveGateway live = new LiveGateway(seed, folder, rest, HASTEN, null)) {
      long begin = ticker.nanos();
      for (int second = 1; second <= seconds; second++) {
        ticker.sleepUntil(begin + second * SECOND);
        each.second(second, stage);
      }
      live.gateway().stopPolling();
      stage.link.outage(false);
      int drained = drained(live, ticker);
      long acquired = live.acquired();
      long sent = live.gateway().counters().get("uplink.city.batches_sent");
      long committed = live.gateway().counters().get("batches.sealed");
      String why = live.gateway().uplinks().get(0).view().why();
      return LinkBooks.of(
              acquired,
              live.gateway().counters().get("readings.refused.city"),
              ledger.report(),
              sent - committed,
              "drained in "
                  + drained
                  + " s"
                  + (stage.times() > 0 ? ", struck " + stage.times() + " times" : "")
                  + (city.struck() > 0 ? ", back end at fault " + city.struck() + " times" : ""))
          .must(drained < DRAIN_SECONDS_MAX, "not drained: " + why)
          .must(live.failure() == null, "a worker ended: " + live.failure());
    }
  }

  /** Seconds until everything is acked. */
  static int drained(LiveGateway live, Ticker ticker) {
    int second = 0;
    while (second < DRAIN_SECONDS_MAX && !live.isDrained()) {
      ticker.sleepUntil(ticker.nanos() + SECOND);
      second++;
    }
    return second;
  }
}
