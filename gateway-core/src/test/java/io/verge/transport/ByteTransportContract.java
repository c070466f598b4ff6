package io.verge.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every byte transport does, against a peer at the far end of its wire. */
@Timeout(60)
abstract class ByteTransportContract {
  static final Ticker TICKER = new SystemTicker();
  private static final long SECOND = 1_000_000_000L;

  /** The far end. */
  interface Far {
    void say(byte[] bytes) throws Exception;

    /** Exactly so many bytes. */
    byte[] hear(int count) throws Exception;

    void vanish() throws Exception;
  }

  abstract Far far();

  abstract ByteTransport open() throws Exception;

  private static long in(long seconds) {
    return TICKER.nanos() + seconds * SECOND;
  }

  static byte[] take(ByteTransport near, int count) throws TransportException {
    byte[] all = new byte[count];
    int at = 0;
    long end = in(30);
    while (at < count && TICKER.nanos() < end) {
      at += near.read(all, at, end);
    }
    return Arrays.copyOf(all, at);
  }

  @Test
  void bytesGoBothWays() throws Exception {
    try (ByteTransport near = open()) {
      near.write(new byte[] {1, 2, 0, (byte) 255, 13, 10, 17, 19}, in(5));
      assertThat(far().hear(8)).containsExactly(1, 2, 0, 255, 13, 10, 17, 19);
      far().say(new byte[] {9, 3, 4, 26, 127});
      assertThat(take(near, 5)).containsExactly(9, 3, 4, 26, 127);
    }
  }

  @Test
  void silenceIsZeroAtTheDeadlineAndNotBefore() throws Exception {
    try (ByteTransport near = open()) {
      long deadline = TICKER.nanos() + 30_000_000;
      assertThat(near.read(new byte[10], 0, deadline)).isZero();
      assertThat(TICKER.nanos()).isGreaterThanOrEqualTo(deadline - 1_000_000);
      assertThat(near.read(new byte[10], 0, TICKER.nanos() - SECOND)).isZero();
    }
  }

  @Test
  void bytesGoWhereTheOffsetSaysAndNoFurther() throws Exception {
    try (ByteTransport near = open()) {
      far().say(new byte[] {1, 2, 3, 4, 5});
      byte[] target = new byte[4];
      int at = 2;
      while (at < 4) {
        at += near.read(target, at, in(10));
      }
      assertThat(target).containsExactly(0, 0, 1, 2);
      assertThat(take(near, 3)).containsExactly(3, 4, 5);
    }
  }

  @Test
  void discardedInputIsGone() throws Exception {
    try (ByteTransport near = open()) {
      far().say(new byte[] {7});
      assertThat(near.read(new byte[1], 0, in(10))).isEqualTo(1);
      far().say(new byte[] {8, 8, 8, 8});
      assertThat(near.read(new byte[1], 0, in(10))).isEqualTo(1);
      near.discardInput();
      far().say(new byte[] {9});
      byte[] rest = new byte[16];
      int count = near.read(rest, 0, in(10));
      assertThat(rest[count - 1]).isEqualTo((byte) 9);
    }
  }

  @Test
  void muchArrivesWholeInPieces() throws Exception {
    byte[] much = new byte[50_000];
    new Random(11).nextBytes(much);
    try (ByteTransport near = open()) {
      CompletableFuture<Void> saying =
          CompletableFuture.runAsync(
              () -> {
                try {
                  far().say(much);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(take(near, much.length)).isEqualTo(much);
      saying.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aPeerThatVanishesIsToldEachTime() throws Exception {
    try (ByteTransport near = open()) {
      far().vanish();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(
                () -> {
                  long end = in(20);
                  while (TICKER.nanos() < end) {
                    near.read(new byte[10], 0, end);
                  }
                })
            .isInstanceOf(TransportException.class)
            .matches(e -> ((TransportException) e).isRetriable());
      }
    }
  }

  @Test
  void closingFromAnotherThreadEndsARead() throws Exception {
    ByteTransport near = open();
    CompletableFuture<Integer> reading =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return near.read(new byte[10], 0, in(50));
              } catch (TransportException e) {
                return -1;
              }
            });
    TICKER.sleepUntil(TICKER.nanos() + 50_000_000);
    near.close();
    try {
      assertThat(reading.get(30, TimeUnit.SECONDS)).isEqualTo(-1);
    } catch (ExecutionException e) {
      throw new AssertionError("unchecked: " + e.getCause(), e);
    }
    near.close();
    assertThatThrownBy(() -> near.write(new byte[4], in(1))).isInstanceOf(TransportException.class);
  }

  @Test
  void whatWasClosedCanBeOpenedAgain() throws Exception {
    open().close();
    try (ByteTransport near = open()) {
      near.write(new byte[] {5}, in(5));
      assertThat(far().hear(1)).containsExactly(5);
    }
  }
}
