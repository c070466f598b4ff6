package io.verge.drivers.wire.listen;

import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one poll heard.
 *
 * @param frames checked frames, oldest first; fewer than wanted if the sensor fell silent.
 * @param end the answer that was no frame, or the last frame.
 */
public record Hearing(List<byte[]> frames, Answer end) {
  public Hearing {
    frames = List.copyOf(frames);
  }

  /**
   * Listens until {@code count} frames came or {@code waitMs} passed without one.
   *
   * @param skip frames before those, which are thrown away: a sensor that warms up.
   * @param count 1 or more.
   */
  public static Hearing of(BusSession bus, Framer framer, int skip, int count, int waitMs)
      throws BusException {
    List<byte[]> frames = new ArrayList<>();
    Answer answer = new Answer.Silence();
    for (int i = 0; i < skip + count; i++) {
      answer = bus.listen(framer, waitMs);
      if (!(answer instanceof Answer.Frame frame)) {
        break;
      }
      if (i >= skip) {
        frames.add(frame.bytes());
      }
    }
    return new Hearing(frames, answer);
  }

  /** Asks {@code count} times; an answer that fails ends it. */
  public static Hearing asked(BusSession bus, Framer framer, byte[] request, int count)
      throws BusException {
    List<byte[]> frames = new ArrayList<>();
    Answer answer = new Answer.Silence();
    for (int i = 0; i < count; i++) {
      answer = bus.transact(request, framer);
      if (!(answer instanceof Answer.Frame frame)) {
        break;
      }
      frames.add(frame.bytes());
    }
    return new Hearing(frames, answer);
  }

  /** The middle value of at least one; the upper of two middle ones. */
  public static int median(int[] values) {
    int[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
