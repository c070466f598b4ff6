package io.verge.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Server-sent events: one thread looks while somebody listens, each listener's thread writes the
 * latest look. One stream a session; a new one ends the old.
 */
final class PageFeed {
  private static final int LISTENERS_MAX = 8;
  private static final long LOOK_MS = 2_000;

  /** Silence in which a gone phone would not be noticed. */
  private static final long BEAT_MS = 15_000;

  private final Supplier<String> looker;
  private final Map<String, Object> listeners = new HashMap<>();
  private String latest = "";
  private long number;
  private boolean ended;

  PageFeed(Supplier<String> looker) {
    this.looker = looker;
  }

  /** Looks until {@link #end}; the looking thread. */
  void run() throws InterruptedException {
    while (true) {
      synchronized (this) {
        while (listeners.isEmpty() && !ended) {
          wait();
        }
        if (ended) {
          return;
        }
      }
      String look = looker.get();
      synchronized (this) {
        if (!look.equals(latest)) {
          latest = look;
          number++;
          notifyAll();
        }
        if (!ended) {
          wait(LOOK_MS);
        }
      }
    }
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Whether there is room for this session's stream. */
  synchronized boolean join(String session, Object listener) {
    if (ended || (listeners.size() >= LISTENERS_MAX && !listeners.containsKey(session))) {
      return false;
    }
    listeners.put(session, listener);
    notifyAll();
    return true;
  }

  /** Writes until the phone goes, or another stream of its session comes. */
  void serve(String session, Object listener, OutputStream out)
      throws IOException, InterruptedException {
    long told = -1;
    try {
      while (true) {
        String text;
        synchronized (this) {
          if (number == told || latest.isEmpty()) {
            wait(BEAT_MS);
          }
          if (ended || listeners.get(session) != listener) {
            return;
          }
          boolean fresh = number != told && !latest.isEmpty();
          text = fresh ? "event: look\ndata: " + latest + "\n\n" : ":\n\n";
          told = fresh ? number : told;
        }
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } finally {
      synchronized (this) {
        listeners.remove(session, listener);
        if (listeners.isEmpty()) {
          latest = ""; // nobody looks on: the next one waits for a fresh look
        }
      }
    }
  }
}
