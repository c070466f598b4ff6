package io.verge.simulator.pty;

import io.verge.simulator.device.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Serves wires on pseudo-terminals with one thread. */
public final class PtyServer implements AutoCloseable {
  private static final int TICK_MS = 50;

  private record Served(Pty pty, Wire wire, int baud) {}

  private final List<Served> served = new ArrayList<>();
  private final Thread thread = new Thread(this::serve, "ptys");
  private volatile boolean stopping;

  /** Before {@link #start()} only. */
  public void add(Pty pty, Wire wire) {
    served.add(new Served(pty, wire, 0));
  }

  /**
   * Devices that understand one speed only; at any other they hear noise, and say nothing.
   *
   * @param baud their speed.
   */
  public void add(Pty pty, Wire wire, int baud) {
    served.add(new Served(pty, wire, baud));
  }

  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  private void serve() {
    LibC.PollFd[] fds = (LibC.PollFd[]) new LibC.PollFd().toArray(Math.max(1, served.size()));
    for (int i = 0; i < served.size(); i++) {
      fds[i].fd = served.get(i).pty().descriptor();
      fds[i].events = LibC.POLLIN;
    }
    while (!stopping) {
      LibC.INSTANCE.poll(fds, served.size(), TICK_MS);
      long now = System.nanoTime();
      for (int i = 0; i < served.size(); i++) {
        Served one = served.get(i);
        if ((fds[i].revents & LibC.POLLIN) != 0) {
          byte[] heard = one.pty().read();
          if (one.baud() == 0 || one.baud() == one.pty().baud()) {
            send(one, one.wire().received(heard, now));
          }
        }
        send(one, one.wire().spontaneous(now));
      }
    }
  }

  private static void send(Served to, byte[] bytes) {
    if (bytes.length > 0) {
      to.pty().write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    stopping = true;
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Served one : served) {
      one.pty().close();
    }
  }
}
