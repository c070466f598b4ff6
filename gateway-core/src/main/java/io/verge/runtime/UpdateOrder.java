package io.verge.runtime;

import io.verge.model.Command;
import io.verge.uplink.fetch.Fetch;
import java.util.Locale;
import java.util.Map;

/**
 * A bundle that a back end ordered; what of it must not be forgotten in a power cut.
 *
 * @param id of the command.
 * @param sha256 of the file, 64 hex digits in lower case.
 * @param size of the file in bytes.
 * @param uplink by whose line it is fetched.
 * @param expiresMs UTC; 0: never.
 * @param version what is in it, once it is fetched and laid down; empty before.
 */
record UpdateOrder(
    String id,
    String url,
    String sha256,
    long size,
    String uplink,
    long expiresMs,
    String version) {
  static final String OP = "update";

  private static final long SIZE_MAX = 192L << 20;
  private static final int URL_MAX = 2000;

  /**
   * @throws IllegalArgumentException with what is wrong with its arguments.
   */
  static UpdateOrder of(Command command, String uplink) {
    Map<String, Object> args = command.args();
    if (!(args.get("url") instanceof String url) || url.length() > URL_MAX) {
      throw new IllegalArgumentException("url " + args.get("url") + ", expected https://host/path");
    }
    String problem = Fetch.problem(url);
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException("url: " + problem);
    }
    if (!(args.get("sha256") instanceof String sum && sum.matches("[0-9a-fA-F]{64}"))) {
      throw new IllegalArgumentException("sha256, expected 64 hex digits");
    }
    if (!(args.get("size") instanceof Long size && size > 0 && size <= SIZE_MAX)) {
      throw new IllegalArgumentException(
          "size " + args.get("size") + ", expected 1.." + SIZE_MAX + " bytes");
    }
    return new UpdateOrder(
        command.id(), url, sum.toLowerCase(Locale.ROOT), size, uplink, command.expiresMs(), "");
  }

  UpdateOrder laidDown(String what) {
    return new UpdateOrder(id, url, sha256, size, uplink, expiresMs, what);
  }

  boolean isLaidDown() {
    return !version.isEmpty();
  }
}
