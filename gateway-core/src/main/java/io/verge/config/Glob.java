package io.verge.config;

/** Names with {@code *} for any characters and {@code ?} for one. */
final class Glob {
  private Glob() {}

  /** Takes no longer than the product of both lengths. */
  static boolean matches(String pattern, String name) {
    boolean[] reached = new boolean[name.length() + 1];
    reached[0] = true;
    for (int p = 0; p < pattern.length(); p++) {
      char wanted = pattern.charAt(p);
      boolean[] next = new boolean[name.length() + 1];
      next[0] = wanted == '*' && reached[0];
      for (int n = 1; n <= name.length(); n++) {
        next[n] =
            wanted == '*'
                ? reached[n] || next[n - 1]
                : reached[n - 1] && (wanted == '?' || wanted == name.charAt(n - 1));
      }
      reached = next;
    }
    return reached[name.length()];
  }
}
