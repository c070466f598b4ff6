package io.verge.simulator.bench;

import io.verge.model.Lane;
import io.verge.simulator.backend.BackEnd;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.simulator.keys.Authority;
import io.verge.simulator.link.LinkEmulator;
import io.verge.simulator.link.LinkSettings;
import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import io.verge.uplink.Tls;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import io.verge.uplink.UplinkTransport.Kind;
import io.verge.uplink.mqtt.MqttProvider;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The gateway's own MQTT client over TLS with a client certificate, to a broker and a back end that
 * acks, through a link that counts: bytes of both directions, 40 of IPv4 and TCP for each packet,
 * and 40 for an ack of TCP's after every second packet of an exchange, and its last, that no answer
 * follows. Batches go as the gateway's session sends them when they are new: see {@link
 * UplinkTransport#sendLightly}.
 */
final class OnTheWire implements AutoCloseable {
  private static final String GATEWAY = "gw-street-0001";
  private static final String HOST = "127.0.0.1";
  private static final int ACK_BYTES = 40;
  private static final int PATIENCE_SECONDS = 60;

  /** As good as no limit, but counted packet by packet. */
  private static final int FAST = 1_000_000_000;

  private final Ticker ticker = new SystemTicker();
  private final Broker broker;
  private final LinkEmulator link;
  private final UplinkTransport transport;
  private final Semaphore up = new Semaphore(0);
  private final Semaphore taken = new Semaphore(0);
  private final Semaphore acked = new Semaphore(0);
  private final long handshake;
  private long tokens;

  /** Acks of TCP's own in exchanges that are over, and the packets of these. */
  private long tcpAcks;

  private long settledUp;
  private long settledDown;

  /** Acks what comes, as a back end that has committed it. */
  private static final class Acking implements BackEnd {
    @Override
    public List<byte[]> hello(String gateway, byte[] message) {
      return List.of();
    }

    @Override
    public List<byte[]> batch(String gateway, byte[] message) {
      Batch.Head head = BatchCodec.head(message).orThrow();
      return List.of(AckCodec.encode(new Ack(head.epoch(), head.lane(), head.bseq(), 0, false)));
    }

    @Override
    public boolean catalog(String gateway, byte[] message) {
      return true;
    }
  }

  private final class Hearing implements UplinkTransport.Listener {
    @Override
    public void up() {
      up.release();
    }

    @Override
    public void down(String why, boolean refused) {
      throw new IllegalStateException(why);
    }

    @Override
    public void taken(long token) {
      taken.release();
    }

    @Override
    public void failed(long token, String why) {
      throw new IllegalStateException(why);
    }

    @Override
    public void ack(byte[] message) {
      acked.release();
    }

    @Override
    public void command(byte[] message) {
      throw new IllegalStateException("a command nobody sent");
    }
  }

  /**
   * @param folder for keys.
   */
  OnTheWire(Path folder, int keepAliveMs) throws Exception {
    Authority authority = new Authority(folder, "authority");
    authority.sign("city", HOST);
    authority.sign(GATEWAY);
    Path ca = authority.pem("authority");
    broker =
        new Broker(
                new BrokerSettings(
                    HOST,
                    0,
                    Map.of(),
                    Tls.context(ca, authority.pem("city"), authority.key("city")),
                    true))
            .start();
    MqttFront.on(broker, new Acking());
    link =
        new LinkEmulator(new LinkSettings(0, new InetSocketAddress(HOST, broker.port()), 0, FAST));
    transport =
        new MqttProvider()
            .create(
                new UplinkSettings(
                    "city",
                    GATEWAY,
                    URI.create("mqtts://" + HOST + ":" + link.port()),
                    ca,
                    authority.pem(GATEWAY),
                    authority.key(GATEWAY),
                    null,
                    null,
                    null,
                    null,
                    60_000,
                    keepAliveMs,
                    false),
                new byte[0]);
    transport.open(new Hearing());
    get(up, "a connection");
    settle(0);
    handshake = bytes();
  }

  private static void get(Semaphore what, String name) throws InterruptedException {
    if (!what.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(name + " did not come");
    }
  }

  /** Of TLS, CONNECT and SUBSCRIBE. */
  long handshakeBytes() {
    return handshake;
  }

  /** Both directions so far, headers and TCP's acks included. */
  private long bytes() {
    return link.wireBytesUp() + link.wireBytesDown() + ACK_BYTES * tcpAcks;
  }

  /**
   * An exchange is over, and nothing follows for a while.
   *
   * @param answered of its packets upwards, how many were acked by an answer's packet.
   */
  private void settle(int answered) {
    long up = Math.max(0, link.packetsUp() - settledUp - answered);
    long down = link.packetsDown() - settledDown;
    tcpAcks += (up + 1) / 2 + (down + 1) / 2;
    settledUp = link.packetsUp();
    settledDown = link.packetsDown();
  }

  /**
   * Sends batches, each after the ack of the one before.
   *
   * @return bytes that took.
   */
  long send(List<byte[]> batches) throws InterruptedException {
    long before = bytes();
    for (byte[] batch : batches) {
      boolean isEvent = BatchCodec.head(batch).orThrow().lane() == Lane.EVENT;
      if (!isEvent && batch.length < UplinkTransport.SHORT_BYTES) {
        transport.sendLightly(++tokens, batch);
      } else {
        transport.send(Kind.BATCH, ++tokens, batch);
        get(taken, "PUBACK");
      }
      get(acked, "the ack");
      settle(1);
    }
    return bytes() - before;
  }

  /**
   * Waits for a ping of an idle connection.
   *
   * @return bytes that took, with its answer.
   */
  long ping() throws InterruptedException {
    long before = bytes();
    long packets = link.packetsDown();
    for (int tenths = 0; link.packetsDown() == packets; tenths++) {
      if (tenths > 10 * PATIENCE_SECONDS) {
        throw new IllegalStateException("no ping came");
      }
      ticker.sleepUntil(ticker.nanos() + 100_000_000);
    }
    settle(1);
    return bytes() - before;
  }

  @Override
  public void close() throws Exception {
    transport.close();
    link.close();
    broker.close();
  }
}
