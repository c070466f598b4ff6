package io.verge.driver;

import io.verge.bytes.Decoded;
import java.util.List;
import java.util.Map;

/**
 * Explains frames of one protocol to a person. Found by {@code ServiceLoader} in {@code runtime}.
 */
public interface FrameDecoder {
  /** The word on the command line: {@code modbus}, {@code mbus}, {@code a02}, … */
  String protocol();

  /** One field of a frame, in wire order. */
  record Field(int offset, int length, String name, String meaning) {}

  /**
   * A whole frame.
   *
   * @param json what {@code --json} prints; values are String, Long, Boolean, BigDecimal, List,
   *     Map, documented in {@code drivers/README.md}.
   */
  record Explained(String title, List<Field> fields, Map<String, Object> json) {}

  /** Never throws on bad bytes. */
  Decoded<Explained> decode(byte[] frame);
}
