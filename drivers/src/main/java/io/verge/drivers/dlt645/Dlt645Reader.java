package io.verge.drivers.dlt645;

import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import java.util.Arrays;

/** Reads one data identifier, over as many frames as the meter needs. */
final class Dlt645Reader {
  /** Frames of one item; the longest block of the standard needs far fewer. */
  private static final int FRAMES_MAX = 16;

  /** What the meter gave. */
  sealed interface Found {
    /** Values after the DI, of all frames. */
    record Data(byte[] values) implements Found {}

    /**
     * @param bits see {@link Dlt645Codec#error}.
     */
    record Refused(int bits) implements Found {}

    /** No valid frame; or, of a later one, not the one asked for. */
    record Nothing(Answer answer) implements Found {}
  }

  private final byte[] address;
  private final int wake;

  Dlt645Reader(byte[] address, int wake) {
    this.address = address;
    this.wake = wake;
  }

  Found read(BusSession bus, long di, boolean is1997) throws BusException {
    int diBytes = is1997 ? 2 : 4;
    byte[] values = new byte[0];
    byte[] data = Dlt645Codec.di(di, diBytes);
    int control = is1997 ? Dlt645Codec.READ_1997 : Dlt645Codec.READ;
    for (int sequence = 1; sequence <= FRAMES_MAX; sequence++) {
      byte[] request = Dlt645Codec.request(address, control, data, wake);
      Answer answer = bus.transact(request, new Dlt645Framer(request, wake, diBytes));
      if (!(answer instanceof Answer.Frame whole)) {
        return new Found.Nothing(answer);
      }
      Dlt645Frame frame = Dlt645Codec.frame(whole.bytes()).orThrow();
      byte[] came = frame.data();
      if (frame.isRefusal()) {
        return new Found.Refused(came[0] & 0xFF);
      }
      // Frames after the first, of 2007, end with the number asked for.
      boolean numbered = sequence > 1 && !is1997;
      int end = came.length - (numbered ? 1 : 0);
      if (numbered && (end < diBytes || (came[end] & 0xFF) != sequence - 1)) {
        return new Found.Nothing(new Answer.Garbled(whole.bytes()));
      }
      int before = values.length;
      values = Arrays.copyOf(values, before + end - diBytes);
      System.arraycopy(came, diBytes, values, before, end - diBytes);
      if (!frame.hasMore()) {
        return new Found.Data(values);
      }
      control = is1997 ? Dlt645Codec.READ_ON_1997 : Dlt645Codec.READ_ON;
      data = is1997 ? data : Dlt645Codec.di(di, diBytes, sequence);
    }
    return new Found.Nothing(new Answer.Garbled(values));
  }
}
