package io.verge.update;

import java.util.regex.Pattern;

/**
 * A version, ordered as dpkg orders it (deb-version(7)), so that packages and bundles agree on what
 * is newer: {@code 1.0~rc1 < 1.0 < 1.0+fix < 1.1}.
 *
 * @param text 1 to 40 of {@code 0-9 a-z . + ~}, beginning with a digit.
 */
public record Version(String text) implements Comparable<Version> {
  private static final Pattern FORM = Pattern.compile("[0-9][0-9a-z.+~]{0,39}");

  public Version {
    if (!isOne(text)) {
      throw new IllegalArgumentException("not a version: \"" + text + "\"");
    }
  }

  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  public boolean isNewerThan(Version other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(Version other) {
    String a = text;
    String b = other.text;
    int i = 0;
    int j = 0;
    while (i < a.length() || j < b.length()) {
      while (i < a.length() && !isDigit(a, i) || j < b.length() && !isDigit(b, j)) {
        int difference = weight(a, i) - weight(b, j);
        if (difference != 0) {
          return difference;
        }
        i++;
        j++;
      }
      int endA = endOfDigits(a, i);
      int endB = endOfDigits(b, j);
      int difference = compareNumbers(a.substring(i, endA), b.substring(j, endB));
      if (difference != 0) {
        return difference;
      }
      i = endA;
      j = endB;
    }
    return 0;
  }

  private static boolean isDigit(String text, int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  /** The tilde sorts before the end, letters before everything else. */
  private static int weight(String text, int at) {
    if (at >= text.length() || isDigit(text, at)) {
      return 0;
    }
    char c = text.charAt(at);
    if (c == '~') {
      return -1;
    }
    return c >= 'a' && c <= 'z' ? c : c + 256;
  }

  private static int endOfDigits(String text, int from) {
    int end = from;
    while (isDigit(text, end)) {
      end++;
    }
    return end;
  }

  private static int compareNumbers(String a, String b) {
    String left = a.replaceFirst("^0+", "");
    String right = b.replaceFirst("^0+", "");
    return left.length() != right.length()
        ? Integer.compare(left.length(), right.length())
        : left.compareTo(right);
  }

  /**
   * Equal as dpkg sees it; {@code 1.0} and {@code 1.00} are, and name two folders: the text counts
   * where a folder is meant.
   */
  @Override
  public String toString() {
    return text;
  }
}
