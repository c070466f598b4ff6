package io.verge.local;

/**
 * Which points a person means: {@code lamp-17}, {@code lamp-17/power}, {@code lamp-*}, or a star
 * before the slash for one point of everything. {@code *} stands for any characters but a slash,
 * {@code ?} for one. Without a slash all points of the asset are meant.
 */
public final class TargetPattern {
  /** Two names of 64 characters, the slash, and stars between. */
  public static final int LENGTH_MAX = 160;

  private final String asset;
  private final String point;

  private TargetPattern(String asset, String point) {
    this.asset = asset;
    this.point = point;
  }

  /**
   * @throws IllegalArgumentException with a sentence for people when the text is no pattern.
   */
  public static TargetPattern parse(String text) {
    if (text.isEmpty() || text.length() > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a pattern has 1 to " + LENGTH_MAX + " characters, not " + text.length());
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a pattern has no control characters");
    }
    int slash = text.indexOf('/');
    if (slash < 0) {
      return new TargetPattern(text, "*");
    }
    if (slash == 0 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is not ASSET or ASSET/POINT; stars are allowed in both");
    }
    return new TargetPattern(text.substring(0, slash), text.substring(slash + 1));
  }

  public boolean matchesAsset(String name) {
    return glob(asset, name);
  }

  public boolean matchesPoint(String name) {
    return glob(point, name);
  }

  public boolean matches(String assetName, String pointName) {
    return matchesAsset(assetName) && matchesPoint(pointName);
  }

  /** Greedy with one step back to the last star: no worse than the product of the lengths. */
  private static boolean glob(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int from = 0;
    while (t < text.length()) {
      char c = p < pattern.length() ? pattern.charAt(p) : 0;
      if (c == '*') {
        star = p++;
        from = t;
      } else if (p < pattern.length() && (c == '?' || c == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++from;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
