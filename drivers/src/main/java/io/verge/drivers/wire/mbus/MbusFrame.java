package io.verge.drivers.wire.mbus;

/**
 * A checked link frame, as places in its bytes.
 *
 * @param control the C field; 0 in an {@link Kind#ACK}, as are the next two.
 * @param address the A field.
 * @param ci the CI field; 0 in a short frame.
 * @param from offset of the first byte after CI.
 * @param to offset after the last byte of data: that of the checksum.
 */
public record MbusFrame(Kind kind, int control, int address, int ci, int from, int to) {
  /** The four formats of the link. */
  public enum Kind {
    ACK,
    SHORT,
    CONTROL,
    LONG
  }
}
