package io.verge.bytes;

/** Checksums of the field protocols. */
public final class Checksums {
  private static final int[] CRC16_MODBUS = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ 0xA001 : crc >>> 1;
      }
      CRC16_MODBUS[i] = crc;
    }
  }

  private Checksums() {}

  /**
   * CRC-16/MODBUS: polynomial 8005 reflected (A001), initial FFFF. Sent low byte first; over data
   * and CRC it is 0. Source: MODBUS over Serial Line V1.02, section 6.2.2.
   */
  public static int crc16Modbus(byte[] bytes, int from, int to) {
    int crc = 0xFFFF;
    for (int i = from; i < to; i++) {
      crc = crc >>> 8 ^ CRC16_MODBUS[(crc ^ bytes[i]) & 0xFF];
    }
    return crc;
  }

  /** Sum of bytes modulo 256. */
  public static int sum8(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += bytes[i];
    }
    return sum & 0xFF;
  }
}
