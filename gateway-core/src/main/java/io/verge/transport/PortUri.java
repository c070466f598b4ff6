package io.verge.transport;

import io.verge.bytes.Decoded;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a bus is: {@code scheme:place?key=value&key=value}, for example {@code
 * serial:/dev/ttyUSB0?baud=9600&format=8N1}, {@code tcp:10.0.0.7:4001}, {@code gpio:gpiochip0}.
 */
public record PortUri(String scheme, String place, Map<String, String> options) {
  public PortUri {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  public static Decoded<PortUri> parse(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0) {
      return Decoded.invalid(
          "no scheme in '" + text + "', expected for example serial:/dev/ttyUSB0", 0);
    }
    String scheme = text.substring(0, colon);
    if (!scheme.matches("[a-z][a-z0-9+-]*")) {
      return Decoded.invalid("scheme '" + scheme + "', expected for example serial or tcp", 0);
    }
    if (text.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
      return Decoded.invalid("a blank in '" + text + "'", 0);
    }
    int question = text.indexOf('?', colon);
    String place = text.substring(colon + 1, question < 0 ? text.length() : question);
    if (place.isEmpty()) {
      return Decoded.invalid("no place after '" + text.substring(0, colon + 1) + "'", colon + 1);
    }
    Map<String, String> options = new LinkedHashMap<>();
    if (question >= 0) {
      int at = question + 1;
      for (String pair : text.substring(at).split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals <= 0) {
          return Decoded.invalid("'" + pair + "' is not key=value", at);
        }
        if (options.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
          return Decoded.invalid("'" + pair.substring(0, equals) + "' twice", at);
        }
        at += pair.length() + 1;
      }
    }
    return Decoded.valid(new PortUri(scheme, place, options));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(scheme).append(':').append(place);
    String separator = "?";
    for (Map.Entry<String, String> option : options.entrySet()) {
      text.append(separator).append(option.getKey()).append('=').append(option.getValue());
      separator = "&";
    }
    return text.toString();
  }
}
