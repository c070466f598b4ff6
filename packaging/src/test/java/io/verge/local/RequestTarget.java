package io.verge.local;

import io.verge.fuzz.Target;

/** A line on the control socket. */
public final class RequestTarget implements Target {
  private static final String[] KEYS = {"target", "pattern", "level", "most", "follow", "since_ms"};

  @Override
  public void read(byte[] input) {
    try {
      Request request = Request.parse(input);
      for (String key : KEYS) {
        ask(request, key);
      }
    } catch (Request.Unreadable e) {
      if (e.sentence().isEmpty() || e.code().isEmpty()) {
        throw new AssertionError("refused without a reason", e);
      }
    }
  }

  /** Each key as each kind; most are refused. */
  private static void ask(Request request, String key) {
    try {
      if (request.pattern(key).matches("lamp-17", "power")) {
        request.flag(key);
      }
    } catch (Request.Unreadable e) {
      number(request, key);
    }
  }

  private static void number(Request request, String key) {
    try {
      long number = request.number(key, -1, 1000);
      if (number < -1 || number > 1000) {
        throw new AssertionError(key + " is " + number);
      }
    } catch (Request.Unreadable e) {
      if (e.id() != request.id()) {
        throw new AssertionError("answered to another request", e);
      }
    }
  }
}
