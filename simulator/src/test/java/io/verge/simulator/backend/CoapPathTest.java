package io.verge.simulator.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Command;
import io.verge.simulator.keys.Authority;
import io.verge.simulator.link.LinkEmulator;
import io.verge.simulator.link.LinkSettings;
import io.verge.uplink.Heard;
import io.verge.uplink.Tls;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import io.verge.uplink.UplinkTransport.Kind;
import io.verge.uplink.coap.CoapProvider;
import io.verge.wire.AckCodec;
import io.verge.wire.CatalogCodec;
import io.verge.wire.CommandCodec;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CoAP through a link whose datagrams are seen, and whose address changes. */
class CoapPathTest {
  private static final String KEY = "00112233445566778899aabbccddeeff";

  /** How often the observation of commands is renewed: until then they go to the old address. */
  private static final long RENEWAL_MS = 500;

  /** Record types and messages of DTLS 1.2 (RFC 6347, section 4; RFC 9146 for 25). */
  private static final int HANDSHAKE = 22;

  private static final int WITH_CONNECTION_ID = 25;
  private static final int CLIENT_HELLO = 1;
  private static final int CLIENT_KEY_EXCHANGE = 16;
  private static final int MESSAGE_AT = 13;

  @TempDir private Path folder;
  private final Queue<byte[]> seen = new ConcurrentLinkedQueue<>();
  private final CoapProvider provider = new CoapProvider(200);
  private @Nullable Ledger ledger;
  private @Nullable CoapFront front;
  private @Nullable LinkEmulator link;

  @BeforeEach
  void open() throws LedgerException {
    ledger = Ledger.open(folder.resolve("ledger.db"), Ledger.Durability.NORMAL);
  }

  @AfterEach
  void close() throws Exception {
    provider.close();
    for (AutoCloseable part : new AutoCloseable[] {link, front, ledger}) {
      if (part != null) {
        part.close();
      }
    }
  }

  private LinkEmulator serve(CoapFrontSettings settings) throws IOException {
    Receiver receiver =
        new Receiver(java.util.Objects.requireNonNull(ledger), () -> 1_790_000_000_000L);
    CoapFront made = new CoapFront(settings, receiver);
    front = made;
    LinkEmulator between =
        new LinkEmulator(
            new LinkSettings(0, new InetSocketAddress("127.0.0.1", made.port()), 0, 0));
    between.onDatagramUp(seen::add);
    link = between;
    return between;
  }

  private UplinkTransport psk(int port) throws IOException {
    Path key = Files.writeString(folder.resolve("psk"), KEY);
    return provider.create(
        settings("coaps://127.0.0.1:" + port, null, null, null, key), new byte[0]);
  }

  private static UplinkSettings settings(
      String uri,
      @Nullable Path ca,
      @Nullable Path certificate,
      @Nullable Path key,
      @Nullable Path psk) {
    return new UplinkSettings(
        "city",
        Messages.GATEWAY,
        URI.create(uri),
        ca,
        certificate,
        key,
        null,
        null,
        psk == null ? null : Messages.GATEWAY,
        psk,
        60_000,
        RENEWAL_MS,
        false);
  }

  private static CoapFrontSettings pskFront() {
    return CoapFrontSettings.psk(0, Messages.GATEWAY, HexFormat.of().parseHex(KEY));
  }

  private long handshakes(int message) {
    return seen.stream()
        .filter(
            record ->
                record.length > MESSAGE_AT
                    && record[0] == HANDSHAKE
                    && record[MESSAGE_AT] == message)
        .count();
  }

  private static long batch(UplinkTransport transport, Heard calls, long bseq)
      throws InterruptedException {
    transport.send(
        Kind.BATCH, bseq, Messages.random(bseq, 1 + (bseq - 1) * 60, 3, new Random(bseq)));
    return AckCodec.decodeAll(calls.awaitWell("ack").message()).orThrow().get(0).bseq();
  }

  private static void teach(UplinkTransport transport, Heard calls) throws InterruptedException {
    transport.send(Kind.HELLO, 100, Messages.hello());
    calls.awaitWell("ack");
    transport.send(Kind.CATALOG, 101, CatalogCodec.encode(Messages.CATALOG));
    assertThat(calls.awaitWell("taken").token()).isEqualTo(101);
  }

  @Test
  void aNewAddressNeedsNoHandshakeAndCommandsFindIt() throws Exception {
    LinkEmulator between = serve(pskFront());
    Heard calls = new Heard();
    try (UplinkTransport transport = psk(between.port())) {
      transport.open(calls);
      calls.expect("up");
      teach(transport, calls);
      assertThat(handshakes(CLIENT_KEY_EXCHANGE)).isEqualTo(1);
      seen.clear();
      for (long bseq = 1; bseq <= 5; bseq++) {
        between.drop();
        assertThat(batch(transport, calls, bseq)).isEqualTo(bseq);
      }
      assertThat(seen).isNotEmpty().allMatch(record -> record[0] == WITH_CONNECTION_ID);

      Command command = new Command("c-1", "lamp-1", "blink", Map.of(), 0, 0, "backend");
      java.util.Objects.requireNonNull(front).command(Messages.GATEWAY, command);
      assertThat(calls.awaitWell("command").message()).isEqualTo(CommandCodec.encode(command));
    }
  }

  @Test
  void theNextConnectionResumesTheSession() throws Exception {
    LinkEmulator between = serve(pskFront());
    Heard first = new Heard();
    try (UplinkTransport transport = psk(between.port())) {
      transport.open(first);
      first.expect("up");
    }
    assertThat(handshakes(CLIENT_KEY_EXCHANGE)).isEqualTo(1);
    seen.clear();
    Heard second = new Heard();
    try (UplinkTransport transport = psk(between.port())) {
      transport.open(second);
      second.expect("up");
      teach(transport, second);
      assertThat(batch(transport, second, 1)).isEqualTo(1);
    }
    assertThat(handshakes(CLIENT_HELLO)).isPositive();
    assertThat(handshakes(CLIENT_KEY_EXCHANGE)).isZero();
  }

  private UplinkTransport certified(CoapFrontSettings.Identity identity, Authority own, int port)
      throws IOException {
    assertThat(identity.chain()).isNotEmpty();
    return provider.create(
        settings(
            "coaps://127.0.0.1:" + port,
            own.pem("ca"),
            own.pem(Messages.GATEWAY),
            own.key(Messages.GATEWAY),
            null),
        new byte[0]);
  }

  private CoapFrontSettings.Identity identity(Authority authority, String server)
      throws IOException {
    return new CoapFrontSettings.Identity(
        Tls.privateKey(authority.key(server)),
        Tls.certificates(authority.pem(server)),
        Tls.certificates(authority.pem("ca")));
  }

  @Test
  void certificatesOfBothSidesCarryBatches() throws Exception {
    Authority authority = new Authority(folder, "ca");
    authority.sign("server", "127.0.0.1");
    authority.sign(Messages.GATEWAY);
    CoapFrontSettings.Identity identity = identity(authority, "server");
    LinkEmulator between = serve(new CoapFrontSettings("127.0.0.1", 0, Map.of(), identity));
    Heard calls = new Heard();
    try (UplinkTransport transport = certified(identity, authority, between.port())) {
      transport.open(calls);
      calls.expect("up");
      teach(transport, calls);
      assertThat(batch(transport, calls, 1)).isEqualTo(1);
    }
  }

  @Test
  void aServerOfAnotherNameIsRefused() throws Exception {
    Authority authority = new Authority(folder, "ca");
    authority.sign("server", "elsewhere.example");
    authority.sign(Messages.GATEWAY);
    CoapFrontSettings.Identity identity = identity(authority, "server");
    LinkEmulator between = serve(new CoapFrontSettings("127.0.0.1", 0, Map.of(), identity));
    Heard calls = new Heard();
    try (UplinkTransport transport = certified(identity, authority, between.port())) {
      transport.open(calls);
      Heard.Call told = calls.expect("down");
      assertThat(told.refused()).as(told.why()).isTrue();
    }
  }

  @Test
  void garbageFromOutsideStopsNothing() throws Exception {
    LinkEmulator between = serve(pskFront());
    Heard calls = new Heard();
    try (UplinkTransport transport = psk(between.port());
        DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      transport.open(calls);
      calls.expect("up");
      teach(transport, calls);
      Random random = new Random(7);
      int port = java.util.Objects.requireNonNull(front).port();
      for (byte[] real : List.copyOf(seen)) {
        byte[] bent = real.clone();
        bent[random.nextInt(bent.length)] ^= (byte) (1 << random.nextInt(8));
        byte[] noise = new byte[1 + random.nextInt(1400)];
        random.nextBytes(noise);
        for (byte[] datagram : List.of(bent, noise)) {
          stranger.send(
              new DatagramPacket(
                  datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
        }
      }
      assertThat(batch(transport, calls, 1)).isEqualTo(1);
    }
  }

  @Test
  void aBodyBeyondTheLimitIsRefusedAndTheServerGoesOn() throws Exception {
    LinkEmulator between = serve(CoapFrontSettings.plain(0));
    Heard calls = new Heard();
    try (UplinkTransport transport =
        provider.create(
            settings("coap://127.0.0.1:" + between.port(), null, null, null, null), new byte[0])) {
      transport.open(calls);
      calls.expect("up");
      teach(transport, calls);
      transport.send(Kind.BATCH, 7, new byte[io.verge.wire.Message.BYTES_MAX + 1]);
      assertThat(calls.expect("failed").why()).contains("4.13");
      assertThat(batch(transport, calls, 1)).isEqualTo(1);
    }
    assertThat(Path.of("Californium3.properties")).doesNotExist();
  }
}
