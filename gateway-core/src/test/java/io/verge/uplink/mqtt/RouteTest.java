package io.verge.uplink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.time.SystemTicker;
import io.verge.uplink.Line;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Byte for byte what a proxy sees, and what becomes of each kind of answer. */
class RouteTest {
  @TempDir private Path folder = Path.of("unset");

  /** A proxy that has one conversation. */
  private interface Script {
    void talk(InputStream in, OutputStream out) throws IOException;
  }

  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();

  /** Connects to an unresolvable server through the script, and reads what follows. */
  private String through(String scheme, @Nullable String user, Script script) throws Exception {
    Path password = folder.resolve("password");
    if (!Files.exists(password)) {
      Files.writeString(password, "secret\n");
      Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    }
    try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> proxy =
          CompletableFuture.runAsync(
              () -> {
                try (Socket guest = door.accept()) {
                  script.talk(guest.getInputStream(), guest.getOutputStream());
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      URI uri =
          URI.create(
              scheme
                  + "://"
                  + (user == null ? "" : user + "@")
                  + "127.0.0.1:"
                  + door.getLocalPort());
      Line line = new Line(0, 1, 0, 0, uri, user == null ? null : password, "", 0);
      try (Socket socket =
          new CountingSocketFactory(new Route(line), new SystemTicker(), sent, received)
              .createSocket()) {
        socket.connect(InetSocketAddress.createUnresolved("city.invalid", 8883), 5_000);
        String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        proxy.get(10, TimeUnit.SECONDS);
        return rest;
      }
    }
  }

  private static void expect(InputStream in, byte[] wanted) throws IOException {
    byte[] got = in.readNBytes(wanted.length);
    if (!java.util.Arrays.equals(got, wanted)) {
      throw new IOException(
          "got "
              + java.util.HexFormat.of().formatHex(got)
              + ", wanted "
              + java.util.HexFormat.of().formatHex(wanted));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Script http(String ask, String answer) {
    return (in, out) -> {
      expect(in, ascii(ask));
      out.write(ascii(answer));
    };
  }

  @Test
  void connectAsksForTheNameAndLeavesWhatFollows() throws Exception {
    String rest =
        through(
            "http",
            null,
            http(
                "CONNECT city.invalid:8883 HTTP/1.1\r\nHost: city.invalid:8883\r\n\r\n",
                "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nhello"));
    assertThat(rest).isEqualTo("hello");
    assertThat(sent.get()).as("the data plan pays for it").isGreaterThan(60);
    assertThat(received.get()).isGreaterThan(45);
  }

  @Test
  void connectSignsIn() throws Exception {
    assertThat(
            through(
                "http",
                "gw-1",
                http(
                    "CONNECT city.invalid:8883 HTTP/1.1\r\nHost: city.invalid:8883\r\n"
                        + "Proxy-Authorization: Basic Z3ctMTpzZWNyZXQ=\r\n\r\n",
                    "HTTP/1.0 200 OK\r\n\r\n")))
        .isEmpty();
  }

  @Test
  void connectRefusedSaysWhatTheProxySaid() {
    String ask = "CONNECT city.invalid:8883 HTTP/1.1\r\nHost: city.invalid:8883\r\n\r\n";
    assertThatThrownBy(() -> through("http", null, http(ask, "HTTP/1.1 407 Sign in\u0007\r\n\r\n")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("\"HTTP/1.1 407 Sign in?\"");
    assertThatThrownBy(() -> through("http", null, http(ask, "SSH-2.0\r\n\r\n")))
        .hasMessageContaining("SSH-2.0");
    assertThatThrownBy(() -> through("http", null, http(ask, "HTTP/1.1 200")))
        .hasMessageContaining("hung up");
    assertThatThrownBy(() -> through("http", null, http(ask, "HTTP/1.1 200 " + "x".repeat(9_000))))
        .hasMessageContaining("longer than 8192 bytes");
  }

  private static byte[] join(Object... parts) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    for (Object part : parts) {
      if (part instanceof String text) {
        all.write(text.length());
        all.writeBytes(ascii(text));
      } else {
        all.write((int) part);
      }
    }
    return all.toByteArray();
  }

  private static final byte[] REQUEST = join(5, 1, 0, 3, "city.invalid", 8883 >> 8, 8883 & 0xFF);

  @Test
  void socksAsksForTheName() throws Exception {
    String rest =
        through(
            "socks5",
            null,
            (in, out) -> {
              expect(in, join(5, 1, 0));
              out.write(join(5, 0));
              expect(in, REQUEST);
              out.write(join(5, 0, 0, 3, "there", 1, 2));
              out.write(ascii("hello"));
            });
    assertThat(rest).isEqualTo("hello");
  }

  @Test
  void socksSignsIn() throws Exception {
    String rest =
        through(
            "socks5",
            "gw-1",
            (in, out) -> {
              expect(in, join(5, 2, 0, 2));
              out.write(join(5, 2));
              expect(in, join(1, "gw-1", "secret"));
              out.write(join(1, 0));
              expect(in, REQUEST);
              out.write(join(5, 0, 0, 1, 10, 0, 0, 1, 1, 2));
              out.write(ascii("hello"));
            });
    assertThat(rest).isEqualTo("hello");
  }

  @Test
  void socksRefusalsSayWhy() {
    assertThatThrownBy(() -> through("socks5", null, (in, out) -> out.write(join(5, 255))))
        .hasMessageContaining("method 255");
    assertThatThrownBy(() -> through("socks5", null, (in, out) -> out.write(join(4, 0))))
        .hasMessageContaining("SOCKS 4");
    assertThatThrownBy(
            () ->
                through(
                    "socks5",
                    "gw-1",
                    (in, out) -> {
                      out.write(join(5, 2, 1, 1));
                      in.readNBytes(15);
                    }))
        .hasMessageContaining("refuses user gw-1");
    assertThatThrownBy(
            () ->
                through(
                    "socks5",
                    null,
                    (in, out) -> {
                      out.write(join(5, 0, 5, 4, 0, 1));
                      in.readNBytes(3 + REQUEST.length);
                    }))
        .hasMessageContaining("4 (host unreachable) for city.invalid");
  }

  @Test
  void anInterfaceGivesItsAddressOrTheReason() throws Exception {
    InetSocketAddress loopback = new InetSocketAddress("127.0.0.1", 1);
    assertThat(by("lo").source(loopback)).isEqualTo(new InetSocketAddress("127.0.0.1", 0));
    assertThat(Route.DIRECT.source(loopback)).isNull();
    assertThatThrownBy(() -> by("wwan9").source(loopback)).hasMessage("no interface wwan9 here");
    try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket =
            new CountingSocketFactory(by("lo"), new SystemTicker(), sent, received)
                .createSocket()) {
      socket.connect(door.getLocalSocketAddress(), 5_000);
      assertThat(socket.getLocalAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
    }
  }

  private static Route by(String networkInterface) {
    return new Route(new Line(0, 1, 0, 0, null, null, networkInterface, 0));
  }

  @Test
  void withoutAProxyANameMustBeKnown() {
    assertThatThrownBy(
            () ->
                new CountingSocketFactory(Route.DIRECT, new SystemTicker(), sent, received)
                    .createSocket()
                    .connect(InetSocketAddress.createUnresolved("city.invalid", 1), 1_000))
        .isInstanceOf(java.net.UnknownHostException.class);
  }
}
