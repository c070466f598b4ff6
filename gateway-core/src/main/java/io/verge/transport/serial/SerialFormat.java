package io.verge.transport.serial;

import io.verge.transport.PortUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of a serial port's URI: {@code serial:/dev/ttyAMA0?baud=9600&format=8E1&rs485=on}.
 *
 * @param parity N, E, O, M or S.
 * @param stopBits 1 or 2.
 */
record SerialFormat(int baud, int dataBits, char parity, int stopBits, boolean rs485) {
  private static final int BAUD_LEAST = 300;
  private static final int BAUD_MOST = 921_600;
  private static final Pattern FORMAT = Pattern.compile("([5-8])([NEOMS])([12])");
  private static final Set<String> KEYS = Set.of("baud", "format", "rs485");

  /** Everything wrong with the URI, as sentences. */
  static List<String> check(PortUri uri) {
    List<String> wrong = new ArrayList<>();
    if (!uri.place().startsWith("/")) {
      wrong.add("'" + uri.place() + "' is not a path, expected for example /dev/ttyUSB0");
    }
    for (String key : uri.options().keySet()) {
      if (!KEYS.contains(key)) {
        wrong.add("unknown option '" + key + "', expected baud, format or rs485");
      }
    }
    String baud = uri.options().getOrDefault("baud", "9600");
    if (!baud.matches("[0-9]{1,7}")
        || Integer.parseInt(baud) < BAUD_LEAST
        || Integer.parseInt(baud) > BAUD_MOST) {
      wrong.add("baud '" + baud + "', expected " + BAUD_LEAST + ".." + BAUD_MOST);
    }
    String format = uri.options().getOrDefault("format", "8N1");
    if (!FORMAT.matcher(format.toUpperCase(Locale.ROOT)).matches()) {
      wrong.add("format '" + format + "', expected for example 8N1 or 8E1");
    }
    String rs485 = uri.options().getOrDefault("rs485", "off");
    if (!rs485.equals("on") && !rs485.equals("off")) {
      wrong.add("rs485 '" + rs485 + "', expected on or off");
    }
    return wrong;
  }

  /** Of a URI without problems. */
  static SerialFormat of(PortUri uri) {
    Matcher format =
        FORMAT.matcher(uri.options().getOrDefault("format", "8N1").toUpperCase(Locale.ROOT));
    if (!format.matches()) {
      throw new IllegalArgumentException("unchecked " + uri);
    }
    return new SerialFormat(
        Integer.parseInt(uri.options().getOrDefault("baud", "9600")),
        Integer.parseInt(format.group(1)),
        format.group(2).charAt(0),
        Integer.parseInt(format.group(3)),
        uri.options().getOrDefault("rs485", "off").equals("on"));
  }

  long characterNanos() {
    int bits = 1 + dataBits + (parity == 'N' ? 0 : 1) + stopBits;
    return bits * 1_000_000_000L / baud;
  }
}
