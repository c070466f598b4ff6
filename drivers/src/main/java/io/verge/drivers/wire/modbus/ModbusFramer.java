package io.verge.drivers.wire.modbus;

import io.verge.driver.Framer;
import io.verge.driver.Framing;

/**
 * Accepts the one answer that fits a request: its unit, its function (or the exception of it), its
 * length or echoed fields, and a good CRC. Everything else is dropped byte by byte. By length, not
 * by silence: user space sees no t1.5.
 */
public final class ModbusFramer implements Framer {
  private static final int EXCEPTION_LENGTH = 5;
  private static final int ECHO_LENGTH = 8;

  private final byte[] request;

  /**
   * @param request a whole request, as sent; not changed, not copied.
   */
  public ModbusFramer(byte[] request) {
    this.request = request;
  }

  @Override
  public Framing examine(byte[] received, int length) {
    if (length == 0) {
      return Framing.needMore(EXCEPTION_LENGTH);
    }
    if (received[0] != request[0]) {
      return Framing.skip(1);
    }
    if (length < 2) {
      return Framing.needMore(EXCEPTION_LENGTH - 1);
    }
    int function = request[1] & 0xFF;
    int found = received[1] & 0xFF;
    if (found == (function | 0x80)) {
      return whole(received, length, EXCEPTION_LENGTH);
    }
    if (found != function) {
      return Framing.skip(1);
    }
    if (function > ModbusCodec.READ_INPUT) {
      return echoed(received, length);
    }
    int count = ModbusCodec.word(request, 4);
    int bytes = ModbusCodec.isOfBits(function) ? (count + 7) / 8 : 2 * count;
    return length < 3 || (received[2] & 0xFF) == bytes
        ? whole(received, length, 5 + bytes)
        : Framing.skip(1);
  }

  /**
   * Functions 5, 6, 15 and 16 answer with unit, function, address and value or count of the
   * request.
   */
  private Framing echoed(byte[] received, int length) {
    for (int i = 2; i < Math.min(6, length); i++) {
      if (received[i] != request[i]) {
        return Framing.skip(1);
      }
    }
    return whole(received, length, ECHO_LENGTH);
  }

  private static Framing whole(byte[] received, int length, int expected) {
    if (length < expected) {
      return Framing.needMore(expected - length);
    }
    return ModbusCodec.hasGoodCrc(received, expected)
        ? Framing.complete(expected)
        : Framing.skip(1);
  }
}
