package io.verge.uplink;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** TCP connections through it can be cut, and are counted. */
public final class Relay implements AutoCloseable {
  private final ServerSocket door;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "test relay");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicLong up = new AtomicLong();
  private final AtomicLong down = new AtomicLong();

  public Relay(int target) throws IOException {
    this.target = target;
    door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  public long bytesUp() {
    return up.get();
  }

  public long bytesDown() {
    return down.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        threads.execute(() -> copy(client, server, up));
        threads.execute(() -> copy(server, client, down));
      }
    } catch (IOException e) {
      // The door was closed.
      return;
    }
  }

  private void copy(Socket from, Socket to, AtomicLong count) {
    byte[] buffer = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        count.addAndGet(n);
        out.write(buffer, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      cut();
    }
  }

  /** Breaks every connection. */
  public void cut() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  /** Waits until every connection has ended by itself: the counts are final then. */
  public void awaitEnd() throws IOException, InterruptedException {
    door.close();
    threads.shutdown();
    if (!threads.awaitTermination(Heard.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("connections are still open");
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
    threads.shutdownNow();
  }
}
