package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import io.verge.uplink.UplinkTransport.Kind;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.CatalogCodec;
import io.verge.wire.Clk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DialectTransportTest {
  private static final long UTC = 1_790_000_000_000L;
  private static final Catalog CATALOG =
      new Catalog(
          1,
          List.of(new DeviceType("lamp", 60_000, List.of(PointType.gauge("power", "W", 1)))),
          List.of(new Device(0, "lamp-1")));

  /** The broker's end, played by hand. */
  private static final class Far implements BrokerLink {
    final List<String> sent = new ArrayList<>();
    final List<Long> tokens = new ArrayList<>();
    final List<Long> barriers = new ArrayList<>();
    UplinkTransport.@Nullable Listener listener;

    @Override
    public void open(UplinkTransport.Listener told) {
      listener = told;
    }

    @Override
    public void publish(String topic, int qos, long token, byte[] payload) {
      sent.add(topic + " " + new String(payload, StandardCharsets.UTF_8));
      tokens.add(token);
    }

    @Override
    public void barrier(long token) {
      barriers.add(token);
    }

    UplinkTransport.Listener heard() {
      return Objects.requireNonNull(listener);
    }

    @Override
    public long[] byteCounts() {
      return new long[] {3, 4};
    }

    @Override
    public void close() {}
  }

  /** A message a sample, named by its value. */
  private static final class Plain implements Dialect {
    boolean replies;
    boolean barrier;
    boolean locked;
    int goodbyes;
    @Nullable Mouth mouth;

    @Override
    public BrokerLink.Login login(Stamp now) throws IOException {
      if (locked) {
        throw new IOException("secret of the test can't be read");
      }
      return new BrokerLink.Login("client", null, new byte[0], null, List.of("in"));
    }

    @Override
    public void connected(Mouth told, Stamp now) {
      mouth = told;
      told.ready();
    }

    @Override
    public void heard(Mouth told, String topic, byte[] payload, Stamp now) {
      String[] words = new String(payload, StandardCharsets.UTF_8).split(" ");
      told.replied(words[0], words.length > 1 ? words[1] : null, words.length > 2);
    }

    @Override
    public List<Saying> render(Batch batch, Catalog catalog, Stamp now) {
      List<Saying> sayings = new ArrayList<>();
      for (Sample sample : batch.samples()) {
        String value = String.valueOf(sample.values()[0]);
        sayings.add(
            new Saying(
                "data", 1, () -> value.getBytes(StandardCharsets.UTF_8), replies ? value : ""));
      }
      return sayings;
    }

    @Override
    public void goodbye(Mouth told, Stamp now) {
      goodbyes++;
    }

    @Override
    public int window() {
      return 2;
    }

    @Override
    public boolean needsBarrier() {
      return barrier;
    }
  }

  /** UTC, known or not. */
  private static final class Clock implements Ticker, WallClock {
    boolean trusted = true;

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public void sleepUntil(long deadlineNanos) {}

    @Override
    public long utcMs() {
      return UTC;
    }

    @Override
    public boolean isTrusted() {
      return trusted;
    }

    @Override
    public int uncertaintyMs() {
      return 0;
    }

    @Override
    public void offer(long utcMs, int uncMs) {}
  }

  private final Far far = new Far();
  private final Plain dialect = new Plain();
  private final Clock clock = new Clock();
  private final Heard heard = new Heard();
  private final DialectTransport transport =
      new DialectTransport(login -> far, dialect, asset -> true, new Stamper(7, clock, clock));

  private static byte[] batch(long bseq, long... values) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      Stamp stamp = new Stamp(7, 1000L * i, UTC + 1000L * i, 0);
      samples.add(new Sample(0, stamp, Quality.GOOD, new long[] {values[i]}, null));
    }
    Clk clk = new Clk(false, 0, 7);
    return BatchCodec.encode(
        new Batch(1, Lane.TELEMETRY, bseq, 1, 1, clk, 100, samples, List.of(), List.of()), CATALOG);
  }

  private void start() throws InterruptedException {
    transport.open(heard);
    far.heard().up();
    heard.expect("up");
    transport.send(Kind.CATALOG, 1, CatalogCodec.encode(CATALOG));
    assertThat(heard.expect("taken").token()).isEqualTo(1);
  }

  private void taken(int... places) {
    for (int place : places) {
      far.heard().taken(far.tokens.get(place));
    }
  }

  @Test
  void aBatchIsTakenWithItsLastMessageAndTheWindowHolds() throws Exception {
    start();
    transport.send(Kind.BATCH, 10, batch(1, 100, 101, 102));
    assertThat(far.sent).containsExactly("data 100", "data 101");
    taken(1);
    assertThat(far.sent).containsExactly("data 100", "data 101", "data 102");
    taken(2);
    assertThat(heard.isQuiet()).isTrue();
    taken(0);
    assertThat(heard.expect("taken").token()).isEqualTo(10);
    taken(0);
    assertThat(heard.isQuiet()).as("told once").isTrue();
  }

  @Test
  void whatTheDialectSaysGoesBeforeWhatWaitsInItsOrder() throws Exception {
    start();
    transport.send(Kind.BATCH, 10, batch(1, 100, 101, 102));
    Objects.requireNonNull(dialect.mouth)
        .say(
            List.of(
                Dialect.Saying.of("own", 1, new byte[] {'a'}),
                Dialect.Saying.of("own", 1, new byte[] {'b'})));
    taken(0, 1, 2, 3);
    assertThat(far.sent).containsExactly("data 100", "data 101", "own a", "own b", "data 102");
    taken(4);
    assertThat(heard.expect("taken").token()).isEqualTo(10);
  }

  @Test
  void aFailedMessageFailsItsBatchAndOnlyThat() throws Exception {
    start();
    transport.send(Kind.BATCH, 10, batch(1, 100, 101, 102));
    transport.send(Kind.BATCH, 11, batch(2, 200));
    far.heard().failed(far.tokens.get(0), "timed out");
    Heard.Call failed = heard.expect("failed");
    assertThat(failed.token()).isEqualTo(10);
    assertThat(failed.why()).isEqualTo("timed out");
    taken(1);
    assertThat(far.sent).doesNotContain("data 102").endsWith("data 200");
    taken(far.tokens.size() - 1);
    assertThat(heard.expect("taken").token()).isEqualTo(11);
  }

  @Test
  void aMessageOfItsOwnThatFailsEndsTheConnection() throws Exception {
    start();
    Objects.requireNonNull(dialect.mouth)
        .say(List.of(Dialect.Saying.of("own", 1, new byte[] {'a'})));
    far.heard().failed(far.tokens.get(0), "refused");
    assertThat(heard.expect("down").why()).isEqualTo("own: refused");
  }

  @Test
  void whereTheBackEndRepliesThePubackTakesNothing() throws Exception {
    dialect.replies = true;
    start();
    transport.send(Kind.BATCH, 10, batch(1, 100, 101));
    taken(0, 1);
    assertThat(heard.isQuiet()).isTrue();
    far.heard().message("in", "100".getBytes(StandardCharsets.UTF_8));
    far.heard().message("in", "100".getBytes(StandardCharsets.UTF_8));
    far.heard().message("in", "999".getBytes(StandardCharsets.UTF_8));
    assertThat(heard.isQuiet()).as("twice and unknown").isTrue();
    far.heard().message("in", "101 never".getBytes(StandardCharsets.UTF_8));
    assertThat(heard.expect("taken").token()).isEqualTo(10);

    transport.send(Kind.BATCH, 11, batch(2, 102));
    far.heard().message("in", "102 busy again".getBytes(StandardCharsets.UTF_8));
    assertThat(heard.expect("failed").why()).isEqualTo("busy");
  }

  @Test
  void aBarrierTakesTheBatchAndItsFailureFailsIt() throws Exception {
    dialect.barrier = true;
    start();
    transport.send(Kind.BATCH, 10, batch(1, 100));
    taken(0);
    assertThat(heard.isQuiet()).isTrue();
    far.heard().taken(far.barriers.get(0));
    assertThat(heard.expect("taken").token()).isEqualTo(10);

    transport.send(Kind.BATCH, 11, batch(2, 200));
    taken(1);
    far.heard().failed(far.barriers.get(1), "gone");
    assertThat(heard.expect("failed").token()).isEqualTo(11);
  }

  @Test
  void whatTheBrokerRejectsAndWhatCannotBeReadIsRejected() throws Exception {
    start();
    List<Long> rejected = new ArrayList<>();
    UplinkTransport.Listener listener = new Rejections(rejected);
    DialectTransport other =
        new DialectTransport(login -> far, dialect, asset -> true, new Stamper(7, clock, clock));
    other.open(listener);
    far.heard().up();
    other.send(Kind.CATALOG, 1, CatalogCodec.encode(CATALOG));
    other.send(Kind.BATCH, 20, batch(1, 100));
    far.heard().rejected(far.tokens.get(0), "payload format invalid");
    other.send(Kind.BATCH, 21, new byte[] {0, 1, 2});
    assertThat(rejected).containsExactly(20L, 21L);
  }

  /** Hears rejections only. */
  private record Rejections(List<Long> tokens) implements UplinkTransport.Listener {
    @Override
    public void up() {}

    @Override
    public void down(String why, boolean refused) {
      throw new AssertionError(why);
    }

    @Override
    public void taken(long token) {}

    @Override
    public void failed(long token, String why) {
      throw new AssertionError(why);
    }

    @Override
    public void rejected(long token, String why) {
      tokens.add(token);
    }

    @Override
    public void ack(byte[] message) {}

    @Override
    public void command(byte[] message) {}
  }

  @Test
  void withoutAClockNothingIsToldInUtc() throws Exception {
    start();
    clock.trusted = false;
    transport.send(Kind.BATCH, 10, batch(1, 100));
    assertThat(heard.expect("failed").why()).contains("clock is not trusted");
    assertThat(far.sent).isEmpty();
  }

  @Test
  void aBatchOfNothingToSayIsTakenAtOnce() throws Exception {
    start();
    transport.send(Kind.BATCH, 10, batch(1));
    assertThat(heard.expect("taken").token()).isEqualTo(10);
  }

  @Test
  void saysGoodbyeWithTheSecondState() throws Exception {
    start();
    transport.send(Kind.STATE, 2, new byte[0]);
    assertThat(dialect.goodbyes).isZero();
    transport.send(Kind.STATE, 3, new byte[0]);
    assertThat(dialect.goodbyes).isEqualTo(1);
  }

  @Test
  void aSecretThatCannotBeReadIsARefusal() throws Exception {
    dialect.locked = true;
    transport.open(heard);
    Heard.Call down = heard.expect("down");
    assertThat(down.refused()).isTrue();
    assertThat(down.why()).contains("secret of the test");
  }

  @Test
  void nothingIsSentBeforeItIsOpen() {
    assertThatThrownBy(() -> transport.send(Kind.BATCH, 1, batch(1, 1)))
        .isInstanceOf(IllegalStateException.class);
  }
}
