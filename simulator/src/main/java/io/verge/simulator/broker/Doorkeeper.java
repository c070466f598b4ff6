package io.verge.simulator.broker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;

/** Who may come in. Asked on the broker's thread. */
@FunctionalInterface
public interface Doorkeeper {
  boolean admits(String client, String user, byte[] password);

  /**
   * @param users passwords by user; empty: everybody may come in.
   */
  static Doorkeeper of(Map<String, String> users) {
    return (client, user, password) -> {
      String expected = users.get(user);
      return users.isEmpty()
          || expected != null
              && MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), password);
    };
  }
}
