package io.verge.simulator.pty;

import io.verge.simulator.device.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A serial line on a pseudo-terminal whose characters take as long as on a wire, ten bits each,
 * with a thread of its own. Its devices hold to MODBUS over Serial Line V1.02, section 2.5.1.1:
 * what begins less than 3.5 characters after the last character on the line is no frame, and is not
 * answered.
 */
public final class PacedLine implements AutoCloseable {
  private static final int BITS = 10;

  /** A longer pause ends a frame. */
  private static final double WITHIN_FRAME = 1.5;

  private static final long IDLE_NANOS = 50_000_000;
  private static final int FAST_BAUD = 19_200;
  private static final long FAST_SILENCE_NANOS = 1_750_000;

  /**
   * What a line has seen so far.
   *
   * @param answers said to their last character.
   * @param unanswered pieces of a request nobody answered: mostly requests to a device that is not
   *     there.
   * @param early frames that began before the silence was over, or before the answer was.
   * @param lateNanos by which last characters came later than their time, all together.
   */
  public record Seen(long answers, long unanswered, long early, long lateNanos) {
    public Seen plus(Seen other) {
      return new Seen(
          answers + other.answers,
          unanswered + other.unanswered,
          early + other.early,
          lateNanos + other.lateNanos);
    }

    public Seen minus(Seen other) {
      return new Seen(
          answers - other.answers,
          unanswered - other.unanswered,
          early - other.early,
          lateNanos - other.lateNanos);
    }
  }

  private static final byte[] NOTHING = {};

  private final Pty pty;
  private final Wire wire;
  private final long characterNanos;
  private final long silenceNanos;
  private final long thinkingNanos;
  private final Thread thread;
  private byte[] answer = NOTHING;
  private int said;
  private long answerNanos;

  /** When the master's last character ends. */
  private long heardNanos;

  /** When the last character of anybody ends. */
  private long endNanos;

  private boolean spoilt;
  private volatile Seen seen = new Seen(0, 0, 0, 0);
  private volatile boolean stopping;

  /**
   * @param link made, or pointed anew.
   * @param thinkingNanos from the last character of a request to the beginning of its answer.
   */
  public PacedLine(Wire wire, Path link, int baud, long thinkingNanos) throws IOException {
    this.pty = Pty.open(link);
    this.wire = wire;
    this.characterNanos = characterNanos(baud);
    this.silenceNanos = silenceNanos(baud);
    this.thinkingNanos = thinkingNanos;
    this.endNanos = System.nanoTime() - silenceNanos;
    this.heardNanos = endNanos;
    this.thread = new Thread(this::serve, "line " + link.getFileName());
    thread.setDaemon(true);
    thread.start();
  }

  public static long characterNanos(int baud) {
    return BITS * 1_000_000_000L / baud;
  }

  /** Between two frames: 3.5 characters; above 19200 baud 1.75 ms. */
  public static long silenceNanos(int baud) {
    return baud > FAST_BAUD ? FAST_SILENCE_NANOS : characterNanos(baud) * 7 / 2;
  }

  public Seen seen() {
    return seen;
  }

  private void serve() {
    Waiting.sharpen();
    Waiting waiting = new Waiting(pty.descriptor());
    while (!stopping) {
      long now = System.nanoTime();
      say(now);
      long next = said < answer.length ? dueNanos(said) : now + IDLE_NANOS;
      if (waiting.isReadable(next - System.nanoTime())) {
        hear(pty.read(), System.nanoTime());
      }
    }
  }

  private long dueNanos(int character) {
    return answerNanos + (character + 1) * characterNanos;
  }

  private void say(long now) {
    int due = said;
    while (due < answer.length && dueNanos(due) <= now) {
      due++;
    }
    if (due == said) {
      return;
    }
    pty.write(Arrays.copyOfRange(answer, said, due));
    said = due;
    if (said == answer.length) {
      count(1, 0, 0, now - endNanos);
    }
  }

  /** The adapter has taken these characters; the first goes out at once, or after those before. */
  private void hear(byte[] bytes, long now) {
    boolean isTalking = said < answer.length;
    boolean continues =
        !isTalking && heardNanos == endNanos && now - endNanos < WITHIN_FRAME * characterNanos;
    if (!continues) {
      spoilt = isTalking || now - endNanos < silenceNanos;
      answer = NOTHING;
      said = 0;
      if (spoilt) {
        count(0, 0, 1, 0);
      }
    }
    heardNanos = (continues ? Math.max(now, heardNanos) : now) + bytes.length * characterNanos;
    endNanos = heardNanos;
    if (!spoilt) {
      reply(wire.received(bytes, heardNanos));
    }
  }

  private void reply(byte[] with) {
    if (with.length == 0) {
      count(0, 1, 0, 0);
      return;
    }
    answer = with;
    said = 0;
    answerNanos = heardNanos + thinkingNanos;
    endNanos = dueNanos(with.length - 1);
  }

  private void count(int answers, int unanswered, int early, long lateNanos) {
    seen = seen.plus(new Seen(answers, unanswered, early, lateNanos));
  }

  @Override
  public void close() throws IOException {
    stopping = true;
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pty.close();
  }
}
