package io.verge.cli;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Lets phones in: a code is good for one of them, and is followed by another one. Guessing costs
 * time, and the code. Any thread.
 */
final class PageGuard {
  /** Without what is taken for another one; 5 bits each. */
  private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  private static final int CODE_LENGTH = 8;
  private static final int TOKEN_BYTES = 24;
  private static final int SESSIONS_MAX = 8;
  private static final int GUESSES_MAX = 5;
  private static final long REST_NANOS = 30_000_000_000L;

  private final RandomGenerator random;
  private final LongSupplier nanos;
  private final Consumer<String> announce;
  private final Deque<String> tokens = new ArrayDeque<>();
  private String code = "";
  private int guesses;
  private long restUntilNanos;
  private boolean resting;

  /**
   * @param announce shows a new code to the technician.
   */
  PageGuard(RandomGenerator random, LongSupplier nanos, Consumer<String> announce) {
    this.random = random;
    this.nanos = nanos;
    this.announce = announce;
  }

  /** Makes a code and shows it. */
  synchronized void renew() {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < CODE_LENGTH; i++) {
      letters.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    code = letters.toString();
    guesses = 0;
    announce.accept(code.substring(0, CODE_LENGTH / 2) + "-" + code.substring(CODE_LENGTH / 2));
  }

  /**
   * The token of a new session, the oldest of too many ends; empty if the code is not the one, or
   * if too many were tried lately.
   */
  synchronized Optional<String> enter(String given) {
    if (resting && nanos.getAsLong() - restUntilNanos < 0) {
      return Optional.empty();
    }
    resting = false;
    String plain = given.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "");
    if (!same(plain, code)) {
      if (++guesses >= GUESSES_MAX) {
        resting = true;
        restUntilNanos = nanos.getAsLong() + REST_NANOS;
        renew();
      }
      return Optional.empty();
    }
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    tokens.addLast(token);
    if (tokens.size() > SESSIONS_MAX) {
      tokens.removeFirst();
    }
    renew();
    return Optional.of(token);
  }

  synchronized boolean knows(String token) {
    boolean known = false;
    for (String one : tokens) {
      known |= same(one, token);
    }
    return known;
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
