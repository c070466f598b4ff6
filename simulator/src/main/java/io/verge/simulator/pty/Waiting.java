package io.verge.simulator.pty;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** Waits for input of one descriptor to the microsecond. One thread. */
final class Waiting {
  private static final int FD_BYTES = 8;
  private static final int EVENTS_AT = 4;
  private static final int RETURNED_AT = 6;
  private static final int TIMESPEC_BYTES = 16;
  private static final long SECOND = 1_000_000_000L;
  private static final long SLACK_NANOS = 1_000;

  private final Memory fd = new Memory(FD_BYTES);
  private final Memory timeout = new Memory(TIMESPEC_BYTES);

  Waiting(int descriptor) {
    fd.clear();
    fd.setInt(0, descriptor);
    fd.setShort(EVENTS_AT, LibC.POLLIN);
  }

  /** The kernel may delay a thread's timers by 50 us by default; this thread's no longer. */
  static void sharpen() {
    LibC.INSTANCE.prctl(LibC.PR_SET_TIMERSLACK, SLACK_NANOS, 0, 0, 0);
  }

  /** Whether there is input; waits for it, at most that long. */
  boolean isReadable(long nanos) {
    long wait = Math.max(0, nanos);
    timeout.setLong(0, wait / SECOND);
    timeout.setLong(8, wait % SECOND);
    fd.setShort(RETURNED_AT, (short) 0);
    LibC.INSTANCE.ppoll(fd, 1, timeout, Pointer.NULL);
    return (fd.getShort(RETURNED_AT) & LibC.POLLIN) != 0;
  }
}
