package io.verge.simulator.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes TLS off in front of the broker; two threads a client. */
final class TlsDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsDoor.class);

  /** Clients at once: each costs two threads. */
  private static final int CLIENTS_MAX = 200;

  private static final int HANDSHAKE_MS = 10_000;

  private final SSLServerSocket server;
  private final int inner;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  TlsDoor(BrokerSettings settings, SSLContext tls, int inner) throws IOException {
    server = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(settings.host(), settings.port()));
    server.setNeedClientAuth(settings.clientCertificates());
    server.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    this.inner = inner;
  }

  int port() {
    return server.getLocalPort();
  }

  void start() {
    daemon("broker tls", this::accept);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        SSLSocket outside = (SSLSocket) server.accept();
        if (sockets.size() >= 2 * CLIENTS_MAX) {
          outside.close();
        } else {
          sockets.add(outside);
          daemon("broker tls in", () -> serve(outside));
        }
      } catch (IOException e) {
        LOG.debug("broker tls: {}", e.getMessage());
      }
    }
  }

  private void serve(SSLSocket outside) {
    try (outside;
        Socket inside = new Socket(InetAddress.getLoopbackAddress(), inner)) {
      sockets.add(inside);
      inside.setTcpNoDelay(true);
      outside.setTcpNoDelay(true);
      outside.setSoTimeout(HANDSHAKE_MS);
      outside.startHandshake();
      outside.setSoTimeout(0);
      daemon("broker tls out", () -> pump(inside, outside));
      pump(outside, inside);
      sockets.remove(inside);
    } catch (IOException e) {
      LOG.info("broker: TLS refused: {}", e.getMessage());
    } finally {
      sockets.remove(outside);
    }
  }

  private static void pump(Socket from, Socket to) {
    byte[] chunk = new byte[16 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        out.write(chunk, 0, count);
      }
    } catch (IOException e) {
      LOG.debug("broker tls: {}", e.getMessage());
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
