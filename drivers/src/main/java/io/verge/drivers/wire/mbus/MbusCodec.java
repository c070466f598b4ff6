package io.verge.drivers.wire.mbus;

import io.verge.bytes.Checksums;
import io.verge.bytes.Decoded;

/** M-Bus link frames; the layout is in the package's description. Static functions. */
public final class MbusCodec {
  /** Longest frame: L of 255 and 6 bytes around it. */
  public static final int FRAME_MAX = 261;

  public static final int ACK = 0xE5;
  public static final int SHORT_START = 0x10;
  public static final int LONG_START = 0x68;
  public static final int STOP = 0x16;

  public static final int SND_NKE = 0x40;
  public static final int SND_UD = 0x53;
  public static final int REQ_UD2 = 0x5B;

  /** Frame count bit of a request: toggled after each good answer. */
  public static final int FCB = 0x20;

  /** RSP_UD without its bits ACD (20) and DFC (10), which say nothing about the data. */
  public static final int RSP_UD = 0x08;

  public static final int RSP_UD_MASK = 0xCF;

  public static final int CI_SELECT = 0x52;
  public static final int CI_ERROR = 0x70;
  public static final int CI_VARIABLE = 0x72;
  public static final int CI_FIXED = 0x73;

  /** Records after access number, status and signature only; records alone. */
  public static final int CI_SHORT_HEADER = 0x7A;

  public static final int CI_NO_HEADER = 0x78;

  /** Highest primary address of a meter; 0 is one that was never given any. */
  public static final int ADDRESS_MOST = 250;

  /** The meter selected by its secondary address. */
  public static final int ADDRESS_SELECTED = 0xFD;

  private static final int SHORT_LENGTH = 5;
  private static final int AROUND = 6;

  private MbusCodec() {}

  public static byte[] shortFrame(int control, int address) {
    return new byte[] {
      SHORT_START, (byte) control, (byte) address, (byte) (control + address), STOP
    };
  }

  /**
   * Selects the meter with a secondary address; it answers {@link #ACK} and listens to {@link
   * #ADDRESS_SELECTED} from then on.
   *
   * @param secondary 8 bytes as on the wire: number (4, BCD, low first), manufacturer (2), version,
   *     medium; F nibbles and FF bytes match anything.
   */
  public static byte[] select(byte[] secondary) {
    int length = 3 + secondary.length;
    byte[] frame = new byte[length + AROUND];
    frame[0] = LONG_START;
    frame[1] = (byte) length;
    frame[2] = (byte) length;
    frame[3] = LONG_START;
    frame[4] = SND_UD;
    frame[5] = (byte) ADDRESS_SELECTED;
    frame[6] = CI_SELECT;
    System.arraycopy(secondary, 0, frame, 7, secondary.length);
    frame[frame.length - 2] = (byte) Checksums.sum8(frame, 4, frame.length - 2);
    frame[frame.length - 1] = STOP;
    return frame;
  }

  /** A whole frame and nothing after it. */
  public static Decoded<MbusFrame> frame(byte[] bytes) {
    if (bytes.length == 0) {
      return Decoded.invalid("no bytes", 0);
    }
    return switch (bytes[0] & 0xFF) {
      case ACK ->
          bytes.length == 1
              ? Decoded.valid(new MbusFrame(MbusFrame.Kind.ACK, 0, 0, 0, 1, 1))
              : Decoded.invalid(bytes.length - 1 + " bytes after E5", 1);
      case SHORT_START -> shortFrame(bytes);
      case LONG_START -> longFrame(bytes);
      default ->
          Decoded.invalid(String.format("starts with %02X, expected E5, 10 or 68", bytes[0]), 0);
    };
  }

  private static Decoded<MbusFrame> shortFrame(byte[] bytes) {
    if (bytes.length != SHORT_LENGTH) {
      return Decoded.invalid("short frame of " + bytes.length + " bytes, expected 5", 0);
    }
    Decoded<MbusFrame> good =
        Decoded.valid(
            new MbusFrame(MbusFrame.Kind.SHORT, bytes[1] & 0xFF, bytes[2] & 0xFF, 0, 3, 3));
    return ended(bytes, 1, good);
  }

  private static Decoded<MbusFrame> longFrame(byte[] bytes) {
    if (bytes.length < 4 || bytes[3] != LONG_START) {
      return Decoded.invalid("no second 68 in a long frame", Math.min(3, bytes.length));
    }
    int length = bytes[1] & 0xFF;
    if (bytes[2] != bytes[1]) {
      return Decoded.invalid("lengths " + length + " and " + (bytes[2] & 0xFF) + " differ", 2);
    }
    if (length < 3) {
      return Decoded.invalid("length " + length + ", expected 3..255", 1);
    }
    if (bytes.length != length + AROUND) {
      return Decoded.invalid(
          "frame of " + bytes.length + " bytes, expected " + (length + AROUND), 1);
    }
    MbusFrame.Kind kind = length == 3 ? MbusFrame.Kind.CONTROL : MbusFrame.Kind.LONG;
    Decoded<MbusFrame> good =
        Decoded.valid(
            new MbusFrame(
                kind, bytes[4] & 0xFF, bytes[5] & 0xFF, bytes[6] & 0xFF, 7, bytes.length - 2));
    return ended(bytes, 4, good);
  }

  private static Decoded<MbusFrame> ended(byte[] bytes, int from, Decoded<MbusFrame> good) {
    int at = bytes.length - 2;
    int sum = Checksums.sum8(bytes, from, at);
    if (sum != (bytes[at] & 0xFF)) {
      return Decoded.invalid(String.format("checksum %02X, expected %02X", bytes[at], sum), at);
    }
    return bytes[at + 1] == STOP
        ? good
        : Decoded.invalid(String.format("ends with %02X, expected 16", bytes[at + 1]), at + 1);
  }
}
