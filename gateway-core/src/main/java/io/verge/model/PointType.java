package io.verge.model;

/**
 * One quantity of a device type.
 *
 * @param name lower case letters, digits, {@code -} and {@code _}; unique within its device type.
 * @param unit SenML unit (RFC 8428, RFC 8798), or empty for a plain number.
 * @param decimals a value is an integer to be divided by 10^decimals; 0..9.
 * @param meaning a URN or short text for receivers; may be empty.
 */
public record PointType(String name, String unit, int decimals, PointKind kind, String meaning) {
  public PointType {
    if (!name.matches("[a-z0-9][a-z0-9_-]{0,31}")) {
      throw new IllegalArgumentException("point name '" + name + "'");
    }
    if (decimals < 0 || decimals > 9) {
      throw new IllegalArgumentException(
          "decimals " + decimals + " of " + name + ", expected 0..9");
    }
  }

  public static PointType gauge(String name, String unit, int decimals) {
    return new PointType(name, unit, decimals, PointKind.GAUGE, "");
  }

  public static PointType counter(String name, String unit, int decimals) {
    return new PointType(name, unit, decimals, PointKind.COUNTER, "");
  }

  public static PointType state(String name) {
    return new PointType(name, "", 0, PointKind.STATE, "");
  }
}
