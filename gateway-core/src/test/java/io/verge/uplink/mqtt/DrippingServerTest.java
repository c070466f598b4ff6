package io.verge.uplink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.time.Ticker;
import io.verge.uplink.Heard;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import io.verge.uplink.fetch.Fetch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that begins its handshake and never ends it: each look at the clock finds it later. */
class DrippingServerTest {
  /** The beginning of a handshake record of 16 KiB, then one byte of it. */
  private static final byte[] BEGIN = {0x16, 0x03, 0x03, 0x40, 0x00, 0x02};

  private static final String TOLD = "has not come to an end in time";
  private static final int LOOK_SECONDS = 9;

  private final AtomicLong nanos = new AtomicLong();
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long nanos() {
          return nanos.addAndGet(LOOK_SECONDS * 1_000_000_000L);
        }

        @Override
        public void sleepUntil(long deadlineNanos) {
          throw new AssertionError("nobody sleeps here");
        }
      };

  private ServerSocket door = unset();
  private CompletableFuture<Socket> guest = new CompletableFuture<>();

  private static ServerSocket unset() {
    try {
      return new ServerSocket();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void serve() throws IOException {
    door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    guest =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                Socket socket = door.accept();
                socket.getOutputStream().write(BEGIN);
                return socket;
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
  }

  @AfterEach
  void end() throws Exception {
    guest.get(10, TimeUnit.SECONDS).close();
    door.close();
  }

  private UplinkSettings settings() {
    return new UplinkSettings(
        "city",
        "gw-1",
        URI.create("mqtts://127.0.0.1:" + door.getLocalPort()),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        60_000,
        60_000,
        false);
  }

  @Test
  void theUplinkHangsUp() throws Exception {
    Heard heard = new Heard();
    try (UplinkTransport transport = new MqttProvider(ticker).create(settings(), new byte[] {1})) {
      transport.open(heard);
      assertThat(heard.expect("down").why()).contains(TOLD);
    }
  }

  @Test
  void theFetchHangsUp() {
    URI file = URI.create("https://127.0.0.1:" + door.getLocalPort() + "/verge.vup");
    assertThatThrownBy(
            () -> Fetch.open(settings(), file, 0, 100, Map.of(), new Fetch.Bytes(), ticker))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(TOLD);
  }

  /** Each byte is there when it is asked for, and each look at the clock takes its time. */
  @Test
  void oneDeadlineIsForAllReads() throws Exception {
    try (CountingSocketFactory.CountingSocket socket =
        new CountingSocketFactory.CountingSocket(
            Route.DIRECT, ticker, new AtomicLong(), new AtomicLong())) {
      socket.connect(door.getLocalSocketAddress(), 20_000);
      socket.within(4 * LOOK_SECONDS * 1_000L);
      for (int i = 0; i < 3; i++) {
        assertThat(socket.getInputStream().read()).isEqualTo(BEGIN[i]);
      }
      assertThatThrownBy(socket.getInputStream()::read).hasMessageContaining(TOLD);
      socket.untimed();
      assertThat(socket.getInputStream().read()).isEqualTo(BEGIN[3]);
      assertThat(socket.getSoTimeout()).isZero();
    }
  }
}
