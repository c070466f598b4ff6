package io.verge.simulator.broker;

/** Topic names and filters (MQTT 5, section 4.7). */
final class Topics {
  /** Longest topic or filter; ours have some 90 characters. */
  static final int LENGTH_MAX = 512;

  private Topics() {}

  static boolean isName(String topic) {
    return !topic.isEmpty()
        && topic.length() <= LENGTH_MAX
        && topic.indexOf('+') < 0
        && topic.indexOf('#') < 0;
  }

  static boolean isFilter(String filter) {
    if (filter.isEmpty() || filter.length() > LENGTH_MAX) {
      return false;
    }
    String[] levels = filter.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      String level = levels[i];
      boolean wild = level.indexOf('+') >= 0 || level.indexOf('#') >= 0;
      if (wild && level.length() != 1 || level.equals("#") && i < levels.length - 1) {
        return false;
      }
    }
    return true;
  }

  static boolean matches(String filter, String topic) {
    if (topic.startsWith("$") != filter.startsWith("$")) {
      return false;
    }
    String[] want = filter.split("/", -1);
    String[] have = topic.split("/", -1);
    for (int i = 0; i < want.length; i++) {
      if (want[i].equals("#")) {
        return true;
      }
      if (i >= have.length || !want[i].equals("+") && !want[i].equals(have[i])) {
        return false;
      }
    }
    return want.length == have.length;
  }
}
