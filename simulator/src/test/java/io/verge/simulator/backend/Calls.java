package io.verge.simulator.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.uplink.UplinkTransport;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a transport told, in the order in which it did. */
final class Calls implements UplinkTransport.Listener {
  /** Far beyond what anything here takes; only keeps a broken test from hanging. */
  private static final int PATIENCE_SECONDS = 60;

  record Call(String what, long token, String why, boolean refused, byte[] message) {}

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
  Call expect(String what) throws InterruptedException {
    Call next = next(what);
    assertThat(next.what()).as(next.toString()).isEqualTo(what);
    return next;
  }

  /** The next call, which must be one of these two: their order is not promised. */
  Call expectEither(String one, String other) throws InterruptedException {
    Call next = next(one + " or " + other);
    assertThat(next.what()).as(next.toString()).isIn(one, other);
    return next;
  }

  /** The next call of this kind; others before it are dropped, except a failure. */
  Call await(String what) throws InterruptedException {
    while (true) {
      Call next = next(what);
      if (next.what().equals(what)) {
        return next;
      }
      assertThat(next.what()).as(next.toString()).isNotIn("down", "failed");
    }
  }

  boolean isQuiet() {
    return calls.isEmpty();
  }
}
