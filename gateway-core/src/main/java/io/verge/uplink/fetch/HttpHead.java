package io.verge.uplink.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Status line and fields of an answer, names in lower case; of a repeated field the last. */
record HttpHead(int status, Map<String, String> fields) {
  private static final int HEAD_MAX = 16 * 1024;

  static HttpHead read(InputStream in) throws IOException {
    int[] room = {HEAD_MAX};
    String status = line(in, room);
    if (!status.matches("HTTP/1\\.[01] [1-5]\\d\\d( .*)?")) {
      throw new IOException("no HTTP server answered: \"" + shown(status) + "\"");
    }
    Map<String, String> fields = new HashMap<>();
    String field = line(in, room);
    while (!field.isEmpty()) {
      int colon = field.indexOf(':');
      if (colon > 0) {
        fields.put(
            field.substring(0, colon).toLowerCase(Locale.ROOT), field.substring(colon + 1).strip());
      }
      field = line(in, room);
    }
    return new HttpHead(Integer.parseInt(status.substring(9, 12)), fields);
  }

  /**
   * A line without its end.
   *
   * @param room bytes that all lines together may still have; less afterwards.
   */
  static String line(InputStream in, int[] room) throws IOException {
    StringBuilder line = new StringBuilder();
    while (room[0]-- > 0) {
      int one = in.read();
      if (one < 0) {
        throw new IOException("the server hung up within its answer's head");
      }
      if (one == '\n') {
        return line.toString().strip();
      }
      line.append((char) one);
    }
    throw new IOException("the head of the server's answer is longer than " + HEAD_MAX);
  }

  static String shown(String text) {
    String clean = text.replaceAll("[^ -~]", "?");
    return clean.length() > 60 ? clean.substring(0, 60) + "…" : clean;
  }
}
