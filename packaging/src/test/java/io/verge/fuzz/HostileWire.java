package io.verge.fuzz;

import io.verge.transport.OneWire;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A wire that says what the input says, under a time of its own. The input is a sequence of
 * sayings: a byte of manners (1: its checksum is made right; 2: it comes in two pieces; 4: the
 * request's first bytes come before it; 8: another saying follows at once), a byte of length, and
 * so many bytes. A request takes the next saying; so does a reading without a request.
 */
final class HostileWire extends OneWire {
  private static final int SEALED = 1;
  private static final int IN_PIECES = 2;
  private static final int ADDRESSED = 4;
  private static final int FOLLOWED = 8;
  private static final long CHARACTER_NANOS = 1_041_667;
  private static final int SAYINGS_AT_ONCE = 8;

  private final byte[] input;
  private final UnaryOperator<byte[]> seal;
  private int at;
  private byte[] coming = {};
  private int pieces;
  private boolean asked;

  HostileWire(byte[] input, UnaryOperator<byte[]> seal) {
    super(CHARACTER_NANOS);
    this.input = input;
    this.seal = seal;
  }

  private void say(byte[] request) {
    boolean more = true;
    for (int i = 0; more && i < SAYINGS_AT_ONCE && at + 2 <= input.length; i++) {
      int manners = input[at];
      int length = Math.min(input[at + 1] & 0xFF, input.length - at - 2);
      byte[] saying = Arrays.copyOfRange(input, at + 2, at + 2 + length);
      at += 2 + length;
      if ((manners & ADDRESSED) != 0) {
        System.arraycopy(request, 0, saying, 0, Math.min(2, Math.min(length, request.length)));
      }
      if ((manners & SEALED) != 0) {
        saying = seal.apply(saying);
      }
      if ((manners & IN_PIECES) != 0) {
        pieces = 2;
      }
      int before = coming.length;
      coming = Arrays.copyOf(coming, before + saying.length);
      System.arraycopy(saying, 0, coming, before, saying.length);
      more = (manners & FOLLOWED) != 0;
    }
  }

  @Override
  public void write(byte[] source, long deadlineNanos) {
    pass(source.length);
    asked = true;
    say(source);
  }

  @Override
  public int read(byte[] target, int offset, long deadlineNanos) {
    if (coming.length == 0 && !asked) {
      say(new byte[0]);
    }
    asked = false;
    if (coming.length == 0) {
      sleepUntil(deadlineNanos);
      return 0;
    }
    int most = pieces > 1 ? Math.max(1, coming.length / pieces--) : coming.length;
    int count = Math.min(most, target.length - offset);
    System.arraycopy(coming, 0, target, offset, count);
    coming = Arrays.copyOfRange(coming, count, coming.length);
    pass(count);
    asked = coming.length > 0;
    return count;
  }

  @Override
  public void discardInput() {
    coming = new byte[0];
  }
}
