package io.verge.simulator.wire;

import io.verge.simulator.device.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one wire on a TCP port of this machine with one thread, to one master at a time, as a
 * converter does; the next master is served when the last one has gone.
 */
public final class TcpWire implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TcpWire.class);
  private static final int TICK_MS = 50;
  private static final int CHUNK = 4096;
  private static final long JOIN_MS = 2_000;

  private final ServerSocket server;
  private final Wire wire;
  private final Thread thread;
  private volatile @Nullable Socket master;

  private TcpWire(ServerSocket server, Wire wire) {
    this.server = server;
    this.wire = wire;
    this.thread = new Thread(this::serve, "wire on " + server.getLocalPort());
    thread.setDaemon(true);
  }

  /**
   * On a free port of the loopback interface.
   *
   * @throws IOException if there is none.
   */
  public static TcpWire open(Wire wire) throws IOException {
    TcpWire opened = new TcpWire(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()), wire);
    opened.thread.start();
    return opened;
  }

  public int port() {
    return server.getLocalPort();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket accepted = server.accept()) {
        master = accepted;
        accepted.setTcpNoDelay(true);
        accepted.setSoTimeout(TICK_MS);
        serve(accepted);
      } catch (IOException e) {
        LOG.debug("{}: {}", thread.getName(), e.getMessage());
      }
    }
  }

  private void serve(Socket accepted) throws IOException {
    byte[] chunk = new byte[CHUNK];
    while (!server.isClosed()) {
      byte[] answer = new byte[0];
      try {
        int count = accepted.getInputStream().read(chunk);
        if (count < 0) {
          return;
        }
        answer = wire.received(Arrays.copyOf(chunk, count), System.nanoTime());
      } catch (SocketTimeoutException silence) {
        LOG.trace("{}: silence", thread.getName());
      }
      accepted.getOutputStream().write(answer);
      accepted.getOutputStream().write(wire.spontaneous(System.nanoTime()));
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Socket last = master;
    if (last != null) {
      last.close();
    }
    try {
      thread.join(JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
