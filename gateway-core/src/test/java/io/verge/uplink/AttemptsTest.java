package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import io.verge.store.StoreMarks;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import java.net.URI;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptsTest {
  private static final long SECOND = 1_000_000_000L;

  /**
   * What happened, a letter an attempt: f failed, r refused, l lasted; then the server tried next,
   * and the counts of the backoff.
   */
  @ParameterizedTest
  @CsvSource({
    "1, '', 0, 0, 0",
    "1, f, 0, 1, 0",
    "1, ff, 0, 2, 0",
    "1, r, 0, 0, 1",
    "1, fr, 0, 1, 1",
    "1, rf, 0, 1, 0",
    "1, ffl, 0, 1, 0",
    "3, f, 1, 0, 0",
    "3, ff, 2, 0, 0",
    "3, fff, 0, 1, 0",
    "3, ffffff, 0, 2, 0",
    "3, rrr, 0, 0, 1",
    "3, rfr, 0, 1, 0",
    "3, frr, 0, 1, 0",
    "3, rrrrrf, 0, 1, 0",
    "3, ffl, 0, 1, 0",
    "3, fffffflf, 1, 1, 0",
    "2, frfrff, 0, 3, 0",
  })
  void picksTheServerAndCountsRounds(
      int servers, String happened, int server, int failures, int refusals) {
    Attempts attempts = Attempts.of(servers);
    for (char each : happened.toCharArray()) {
      attempts = each == 'l' ? attempts.lasted() : attempts.failed(each == 'r');
    }
    assertThat(attempts.server()).isEqualTo(server);
    assertThat(attempts.backoff()).isEqualTo(new Backoff(failures, refusals));
  }

  @Test
  void theNextServerIsNotMadeToWaitForARound() {
    Attempts attempts = Attempts.of(2);
    for (int i = 0; i < 41; i++) {
      attempts = attempts.failed(true);
    }
    Random random = new Random(2);
    for (int i = 0; i < 1000; i++) {
      assertThat(attempts.nanos(random)).isBetween(1L, SECOND);
      assertThat(attempts.failed(true).nanos(random)).isGreaterThanOrEqualTo(1800 * SECOND);
    }
  }

  private final Recorder did = new Recorder();
  private final Session session =
      new Session(
          SessionFixture.settings(false)
              .withAlso(List.of(URI.create("mqtt://b"), URI.create("mqtt://c"))),
          new Self(7, "0.1", "c1"),
          new Random(1),
          did);
  private long now = 1000 * SECOND;

  private void connect() {
    now = Math.max(now, session.nextNanos());
    session.tick(now);
  }

  @Test
  void aSessionWalksThroughItsServersAndComesBackToTheFirst() {
    connect();
    session.down(now, "no route", false);
    connect();
    session.tick(now + 60 * SECOND);
    connect();
    assertThat(did.log).containsSubsequence("connect", "connect 1", "close", "connect 2");
    session.up(now);
    session.marks(
        new StoreMarks(5, new long[] {1, 1, 1}, new long[] {1, 1, 1}, new long[3], 0), now);
    session.ack(AckCodec.encode(new Ack(5, Lane.EVENT, 0, 0, false)), now);
    now += 61 * SECOND;
    did.log.clear();
    session.down(now, "reset", false);
    assertThat(session.nextNanos() - now).isBetween(1L, SECOND);
    connect();
    assertThat(did.log).endsWith("connect");
  }

  @Test
  void aServerThatLetsInAndAcksNothingIsLeftForTheNext() {
    connect();
    session.up(now);
    session.marks(
        new StoreMarks(5, new long[] {1, 1, 1}, new long[] {1, 1, 1}, new long[3], 0), now);
    session.tick(now + 60 * SECOND);
    assertThat(session.why()).contains("no answer to hello");
    connect();
    assertThat(did.log).endsWith("connect 1");
  }
}
