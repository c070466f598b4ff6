package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a transport told, in the order in which it did. */
public final class Heard implements UplinkTransport.Listener {
  /** Far beyond what anything here takes; only keeps a broken test from hanging. */
  public static final int PATIENCE_SECONDS = 60;

  /**
   * One call: {@code up}, {@code down}, {@code taken}, {@code failed}, {@code ack}, {@code
   * command}.
   */
  public record Call(String what, long token, String why, boolean refused, byte[] message) {}

  private static final byte[] NOTHING = {};

  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

  @Override
  public void up() {
    calls.add(new Call("up", 0, "", false, NOTHING));
  }

  @Override
  public void down(String why, boolean refused) {
    calls.add(new Call("down", 0, why, refused, NOTHING));
  }

  @Override
  public void taken(long token) {
    calls.add(new Call("taken", token, "", false, NOTHING));
  }

  @Override
  public void failed(long token, String why) {
    calls.add(new Call("failed", token, why, false, NOTHING));
  }

  @Override
  public void ack(byte[] message) {
    calls.add(new Call("ack", 0, "", false, message));
  }

  @Override
  public void command(byte[] message) {
    calls.add(new Call("command", 0, "", false, message));
  }

  private Call next(String what) throws InterruptedException {
    Call next = calls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(next).as("nothing came, expected " + what).isNotNull();
    return next;
  }

  /** The next call, which must be this one. */
  public Call expect(String what) throws InterruptedException {
    Call next = next(what);
    assertThat(next.what()).as(next.toString()).isEqualTo(what);
    return next;
  }

  /** The next call, which must be one of these two: their order is not promised. */
  public Call expectEither(String one, String other) throws InterruptedException {
    Call next = next(one + " or " + other);
    assertThat(next.what()).as(next.toString()).isIn(one, other);
    return next;
  }

  /** The next call of this kind; others before it are dropped. */
  public Call await(String what) throws InterruptedException {
    Call next = next(what);
    while (!next.what().equals(what)) {
      next = next(what);
    }
    return next;
  }

  /** The next call of this kind; others before it are dropped, but none may be a failure. */
  public Call awaitWell(String what) throws InterruptedException {
    Call next = next(what);
    while (!next.what().equals(what)) {
      assertThat(next.what()).as(next.toString()).isNotIn("down", "failed");
      next = next(what);
    }
    return next;
  }

  public boolean isQuiet() {
    return calls.isEmpty();
  }
}
