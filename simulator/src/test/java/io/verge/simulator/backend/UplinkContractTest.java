package io.verge.simulator.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Command;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.uplink.Heard;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import io.verge.uplink.UplinkTransport.Kind;
import io.verge.uplink.UplinkTransportProvider;
import io.verge.uplink.coap.CoapProvider;
import io.verge.uplink.mqtt.MqttProvider;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.CatalogCodec;
import io.verge.wire.CommandCodec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every transport owes its session, against the real back end of the simulator. */
class UplinkContractTest {
  private static final String KEY = "00112233445566778899aabbccddeeff";

  enum Way {
    MQTT,
    COAP,
    COAPS
  }

  @TempDir private Path folder;
  private final Heard calls = new Heard();
  private @Nullable Ledger ledger;
  private AutoCloseable front = () -> {};
  private String uri = "";
  private BiConsumer<String, Command> commander = (gateway, command) -> {};

  @BeforeEach
  void open() throws LedgerException {
    ledger = Ledger.open(folder.resolve("ledger.db"), Ledger.Durability.NORMAL);
  }

  @AfterEach
  void close() throws Exception {
    front.close();
    if (ledger != null) {
      ledger.close();
    }
  }

  private Ledger ledger() {
    return java.util.Objects.requireNonNull(ledger);
  }

  private UplinkTransport open(Way way) throws IOException {
    Receiver receiver = new Receiver(ledger(), () -> 1_790_000_000_000L);
    if (way == Way.MQTT) {
      Broker broker = new Broker(BrokerSettings.plain(0)).start();
      commander = MqttFront.on(broker, receiver)::command;
      front = broker;
      uri = "mqtt://127.0.0.1:" + broker.port();
    } else {
      CoapFront coap =
          new CoapFront(
              way == Way.COAP
                  ? CoapFrontSettings.plain(0)
                  : CoapFrontSettings.psk(
                      0, Messages.GATEWAY, java.util.HexFormat.of().parseHex(KEY)),
              receiver);
      commander = coap::command;
      front = coap;
      uri = (way == Way.COAP ? "coap" : "coaps") + "://127.0.0.1:" + coap.port();
    }
    UplinkTransportProvider provider = way == Way.MQTT ? new MqttProvider() : new CoapProvider(200);
    Path key = Files.writeString(folder.resolve("psk"), KEY + "\n");
    return provider.create(settings(way, key), new byte[] {0, 1});
  }

  private UplinkSettings settings(Way way, Path key) {
    return new UplinkSettings(
        "city",
        Messages.GATEWAY,
        URI.create(uri),
        null,
        null,
        null,
        null,
        null,
        way == Way.COAPS ? Messages.GATEWAY : null,
        way == Way.COAPS ? key : null,
        60_000,
        60_000,
        false);
  }

  /** The next acks, which may come in one message or several. */
  private List<Ack> acks(int count) throws InterruptedException {
    List<Ack> acks = new ArrayList<>();
    while (acks.size() < count) {
      acks.addAll(AckCodec.decodeAll(calls.awaitWell("ack").message()).orThrow());
    }
    return acks;
  }

  private void teach(UplinkTransport transport) throws InterruptedException {
    transport.send(Kind.STATE, 1, new byte[] {0, 1});
    assertThat(calls.expect("taken").token()).isEqualTo(1);
    transport.send(Kind.HELLO, 2, Messages.hello());
    assertThat(acks(3)).allMatch(ack -> ack.bseq() == 0 && ack.needCatalog());
    transport.send(Kind.CATALOG, 3, CatalogCodec.encode(Messages.CATALOG));
    calls.awaitWell("taken");
  }

  @ParameterizedTest
  @EnumSource
  void carriesEveryKindBothWays(Way way) throws Exception {
    byte[] large = Messages.random(1, 1, 80, new Random(1));
    assertThat(large.length).isBetween(32_000, 60_000);
    try (UplinkTransport transport = open(way)) {
      transport.open(calls);
      calls.expect("up");
      teach(transport);
      transport.send(Kind.BATCH, 4, large);
      assertThat(acks(1).get(0).bseq()).isEqualTo(1);
      assertThat(ledger().report().totalReadings()).isEqualTo(8000);

      Command command =
          new Command("c-1", "lamp-1", "set-level", Map.of("level", 40L), 0, 0, "backend");
      commander.accept(Messages.GATEWAY, command);
      assertThat(calls.awaitWell("command").message()).isEqualTo(CommandCodec.encode(command));
      assertThat(transport.byteCounts()[0]).isBetween(large.length + 0L, large.length * 3L / 2);
      assertThat(transport.byteCounts()[1]).isBetween(50L, 20_000L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void commandsComeOneAfterTheOtherAndNoneIsSkipped(Way way) throws Exception {
    try (UplinkTransport transport = open(way)) {
      transport.open(calls);
      calls.expect("up");
      for (int i = 0; i < 20; i++) {
        commander.accept(
            Messages.GATEWAY, new Command("c-" + i, "lamp-1", "blink", Map.of(), 0, 0, "backend"));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(CommandCodec.decode(calls.expect("command").message(), "city").orThrow().id())
            .isEqualTo("c-" + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void eightAtATimeAreAllTakenAndCommittedOnceInOrder(Way way) throws Exception {
    try (UplinkTransport transport = open(way)) {
      transport.open(calls);
      calls.expect("up");
      teach(transport);
      for (int bseq = 1; bseq <= 8; bseq++) {
        transport.send(
            Kind.BATCH, 10 + bseq, Messages.random(bseq, 1 + (bseq - 1) * 60L, 3, new Random(2)));
      }
      List<Ack> acks = acks(8);
      assertThat(acks.get(7).bseq()).isEqualTo(8);
      assertThat(ledger().report().isWhole()).isTrue();
      assertThat(ledger().report().totalReadings()).isEqualTo(8 * 300);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closedItTellsNothingAndSendingIsHarmless(Way way) throws Exception {
    UplinkTransport transport = open(way);
    transport.open(calls);
    calls.expect("up");
    transport.close();
    transport.close();
    transport.send(Kind.HELLO, 9, Messages.hello());
    commander.accept(
        Messages.GATEWAY, new Command("c-1", "lamp-1", "blink", Map.of(), 0, 0, "backend"));
    front.close();
    assertThat(calls.isQuiet()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatIsGoneIsToldOnceAndIsNoRefusal(Way way) throws Exception {
    try (UplinkTransport transport = open(way)) {
      transport.open(calls);
      calls.expect("up");
      front.close();
      transport.send(Kind.HELLO, 1, Messages.hello());
      boolean failed = false;
      Heard.Call told = calls.expectEither("down", "failed");
      while (!told.what().equals("down")) {
        assertThat(told.token()).isEqualTo(1);
        failed = true;
        told = calls.expectEither("down", "failed");
      }
      assertThat(told.refused()).as(told.why()).isFalse();
      transport.send(Kind.HELLO, 2, Messages.hello());
      if (!failed) {
        assertThat(calls.expect("failed").token()).isBetween(1L, 2L);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyThereIsNoRefusal(Way way) throws Exception {
    try (UplinkTransport transport = open(way)) {
      front.close();
      transport.open(calls);
      Heard.Call told = calls.expect("down");
      assertThat(told.refused()).as(told.why()).isFalse();
    }
  }
}
