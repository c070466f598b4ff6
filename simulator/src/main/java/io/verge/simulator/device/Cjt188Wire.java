package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * CJ/T 188 water meters with a valve, each with its own order of the DI (hardware-notes/cjt188.md).
 */
public final class Cjt188Wire implements Wire {
  private static final int HEAD = 11;
  private static final int POINTS = 5;

  /** One meter. */
  public static final class Meter {
    private final byte[] address;
    private final boolean highFirst;
    private final DoubleSupplier cubicMetres;
    private boolean closed;

    /**
     * @param number 14 digits, as a number.
     * @param highFirst whether it knows 90 1F rather than 1F 90; the other is not answered.
     */
    public Meter(long number, boolean highFirst, DoubleSupplier cubicMetres) {
      this.address = MeterRequests.bcd(number, 7);
      this.highFirst = highFirst;
      this.cubicMetres = cubicMetres;
    }
  }

  private final List<Meter> meters = new ArrayList<>();
  private final MeterRequests requests = new MeterRequests(HEAD);
  private volatile long served;

  public void put(Meter meter) {
    meters.add(meter);
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    for (byte[] request : requests.in(bytes, nanos)) {
      for (Meter meter : meters) {
        if (MeterRequests.matches(request, 2, meter.address)) {
          answers.writeBytes(answer(meter, request));
        }
      }
    }
    return answers.toByteArray();
  }

  private byte[] answer(Meter meter, byte[] request) {
    if (request[10] < 3 || request[1] != 0x10 && request[1] != (byte) 0xAA) {
      return new byte[0];
    }
    int high = request[meter.highFirst ? 11 : 12] & 0xFF;
    int low = request[meter.highFirst ? 12 : 11] & 0xFF;
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.write(request, 11, 3);
    if (request[9] == 1 && high == 0x90 && low == 0x1F) {
      long total = Math.round(Math.floor(meter.cubicMetres.getAsDouble() * 100));
      data.writeBytes(MeterRequests.bcd(total, 4));
      data.write(0x2C);
      data.writeBytes(MeterRequests.bcd(total / 2, 4));
      data.write(0x2C);
      data.writeBytes(new byte[7]);
      data.write(meter.closed ? 1 : 0);
      data.write(0xFF);
      served += POINTS;
    } else if (request[9] == 4 && high == 0xA0 && low == 0x17 && request[10] == 4) {
      meter.closed = request[14] == (byte) 0x99;
      data.write(meter.closed ? 1 : 0);
      data.write(0xFF);
    } else {
      return new byte[0];
    }
    return frame(meter, request[9], data.toByteArray());
  }

  private static byte[] frame(Meter meter, int control, byte[] data) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x68);
    frame.write(0x10);
    frame.writeBytes(meter.address);
    frame.write(control | 0x80);
    frame.write(data.length);
    frame.writeBytes(data);
    return MeterRequests.closed(frame.toByteArray());
  }

  @Override
  public byte[] spontaneous(long nanos) {
    return new byte[0];
  }

  @Override
  public long served() {
    return served;
  }
}
