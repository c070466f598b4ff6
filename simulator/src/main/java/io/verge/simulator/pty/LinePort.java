package io.verge.simulator.pty;

import io.verge.simulator.field.HostileLine;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A hostile line on a pseudo-terminal, at the speed of its characters, with a thread of its own.
 * While its adapter is unplugged there is neither terminal nor link.
 */
public final class LinePort implements AutoCloseable {
  private static final int TICK_MOST_MS = 10;
  private static final int UNPLUGGED_MS = 20;

  private final HostileLine line;
  private final Path link;
  private final Thread thread;
  private @Nullable Pty pty;
  private long lookedNanos = System.nanoTime();
  private volatile boolean stopping;
  private volatile @Nullable IOException failure;

  /**
   * @param link made while the line is plugged in.
   */
  public LinePort(HostileLine line, Path link) throws IOException {
    this.line = line;
    this.link = link;
    this.pty = Pty.open(link);
    this.thread = new Thread(this::serve, "line " + link.getFileName());
    thread.setDaemon(true);
    thread.start();
  }

  /** Why it has ended by itself; null while it goes on. */
  public @Nullable IOException failure() {
    return failure;
  }

  private void serve() {
    LibC.PollFd[] fds = (LibC.PollFd[]) new LibC.PollFd().toArray(1);
    try {
      while (!stopping) {
        step(fds, System.nanoTime());
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void step(LibC.PollFd[] fds, long nanos) throws IOException {
    Pty open = pty;
    if (!line.isPlugged(nanos)) {
      unplug();
      LibC.INSTANCE.poll(fds, 0, UNPLUGGED_MS);
      return;
    }
    if (open == null) {
      open = Pty.open(link);
      pty = open;
      lookedNanos = nanos;
    }
    fds[0].fd = open.descriptor();
    fds[0].events = LibC.POLLIN;
    long wait = (line.nextNanos(nanos) - nanos + 999_999) / 1_000_000;
    LibC.INSTANCE.poll(fds, 1, (int) Math.max(1, Math.min(TICK_MOST_MS, wait)));
    if ((fds[0].revents & LibC.POLLIN) != 0) {
      byte[] heard = open.read();
      // A terminal has no speed: the request's last character is still under way.
      line.heard(heard, System.nanoTime() + heard.length * line.characterNanos(), lookedNanos);
    }
    lookedNanos = System.nanoTime();
    byte[] said = line.say(System.nanoTime());
    if (said.length > 0) {
      open.write(said);
    }
  }

  private void unplug() throws IOException {
    Pty open = pty;
    pty = null;
    if (open != null) {
      open.close();
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
    unplug();
  }
}
