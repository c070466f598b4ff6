package io.verge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.transport.tcp.TcpProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpContractTest extends ByteTransportContract {
  private @Nullable ServerSocket server;
  private @Nullable Socket peer;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    if (peer != null) {
      peer.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Override
  ByteTransport open() throws Exception {
    ServerSocket door = java.util.Objects.requireNonNull(server);
    PortUri uri = new PortUri("tcp", "127.0.0.1:" + door.getLocalPort(), Map.of());
    ByteTransport near = new TcpProvider().open(uri, TICKER);
    peer = door.accept();
    return near;
  }

  @Override
  Far far() {
    Socket socket = java.util.Objects.requireNonNull(peer);
    return new Far() {
      @Override
      public void say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
      }

      @Override
      public byte[] hear(int count) throws IOException {
        return socket.getInputStream().readNBytes(count);
      }

      @Override
      public void vanish() throws IOException {
        socket.close();
      }
    };
  }

  @Test
  void nobodyListeningIsSaidWithTheAddress() throws Exception {
    int port = java.util.Objects.requireNonNull(server).getLocalPort();
    stop();
    PortUri uri = new PortUri("tcp", "127.0.0.1:" + port, Map.of());
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> new TcpProvider().open(uri, TICKER))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("127.0.0.1:" + port);
  }

  @Test
  void wrongPlacesAreNamed() {
    for (String place : new String[] {"host", "host:", ":1", "h:0", "h:65536", "h:x", "4001"}) {
      assertThat(new TcpProvider().check(new PortUri("tcp", place, Map.of())))
          .singleElement()
          .asString()
          .contains("'" + place + "'");
    }
  }
}
