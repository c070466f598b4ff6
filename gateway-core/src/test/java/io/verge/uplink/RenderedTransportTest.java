package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RenderedTransportTest {
  private static final long UTC = 1_790_000_000_000L;

  private static Catalog catalog(long rev) {
    return new Catalog(
        rev,
        List.of(new DeviceType("lamp", 60_000, List.of(PointType.gauge("power", "W", 1)))),
        List.of(new Device(0, "lamp-" + rev)));
  }

  private static byte[] batch(long bseq, long rev, int samples) {
    List<Sample> of = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      Stamp stamp = new Stamp(7, 1000L * i, UTC + 1000L * i, 0);
      of.add(new Sample(0, stamp, Quality.GOOD, new long[] {605 + i}, null));
    }
    Clk clk = new Clk(false, 0, 7);
    Batch batch = new Batch(1, Lane.TELEMETRY, bseq, 1, rev, clk, 100, of, List.of(), List.of());
    return BatchCodec.encode(batch, catalog(rev));
  }

  /** The far side, played by hand: what was sent is kept until the test says it is taken. */
  private static final class Far implements UplinkTransport {
    final List<String> sent = new ArrayList<>();
    final List<Long> tokens = new ArrayList<>();
    @Nullable Listener listener;
    boolean closed;

    @Override
    public void open(Listener told) {
      listener = told;
    }

    @Override
    public void send(Kind kind, long token, byte[] message) {
      assertThat(kind).isEqualTo(Kind.BATCH);
      sent.add(new String(message, StandardCharsets.UTF_8));
      tokens.add(token);
    }

    Listener heard() {
      return java.util.Objects.requireNonNull(listener);
    }

    @Override
    public long[] byteCounts() {
      return new long[] {1, 2};
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final Far far = new Far();
  private final Heard heard = new Heard();
  private final RenderedTransport transport =
      new RenderedTransport(
          far, Rendering.of(settings()), asset -> true, new Stamper(7, new Still(), new Utc()));

  private static UplinkSettings settings() {
    return new UplinkSettings(
            "open",
            "gw-1",
            java.net.URI.create("mqtt://127.0.0.1"),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            60_000,
            60_000,
            true)
        .withCodec(UplinkSettings.Codec.SENML_JSON, null, UplinkSettings.Foreign.NONE);
  }

  private static final class Still implements Ticker {
    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public void sleepUntil(long deadlineNanos) {}
  }

  private static final class Utc implements WallClock {
    @Override
    public long utcMs() {
      return UTC;
    }

    @Override
    public boolean isTrusted() {
      return true;
    }

    @Override
    public int uncertaintyMs() {
      return 0;
    }

    @Override
    public void offer(long utcMs, int uncMs) {}
  }

  @Test
  void onlyBatchesTravelRendered() throws Exception {
    transport.open(heard);
    transport.send(Kind.STATE, 1, new byte[] {1});
    transport.send(Kind.HELLO, 2, new byte[] {1});
    transport.send(Kind.CATALOG, 3, CatalogCodec.encode(catalog(3)));
    for (long token = 1; token <= 3; token++) {
      assertThat(heard.expect("taken").token()).isEqualTo(token);
    }
    assertThat(far.sent).isEmpty();
    transport.send(Kind.BATCH, 4, batch(1, 3, 1));
    assertThat(far.sent)
        .containsExactly(
            "[{\"bn\":\"gw-1/\",\"bt\":1790000000,\"n\":\"lamp-3/power\",\"u\":\"W\",\"v\":60.5}]");
    assertThat(heard.isQuiet()).isTrue();
    far.heard().taken(4);
    assertThat(heard.expect("taken").token()).isEqualTo(4);
  }

  @Test
  void aLargeBatchIsTakenWithItsLastMessage() throws Exception {
    transport.open(heard);
    transport.send(Kind.CATALOG, 1, CatalogCodec.encode(catalog(3)));
    heard.expect("taken");
    transport.send(Kind.BATCH, 2, batch(1, 3, 2 * Rendering.RECORDS_MAX + 1));
    for (int part = 1; part <= 3; part++) {
      assertThat(far.sent).hasSize(part);
      assertThat(heard.isQuiet()).isTrue();
      far.heard().taken(2);
    }
    assertThat(heard.expect("taken").token()).isEqualTo(2);
    assertThat(far.sent).hasSize(3);
  }

  @Test
  void aFailureInTheMiddleFailsTheBatch() throws Exception {
    transport.open(heard);
    transport.send(Kind.CATALOG, 1, CatalogCodec.encode(catalog(3)));
    heard.expect("taken");
    transport.send(Kind.BATCH, 2, batch(1, 3, Rendering.RECORDS_MAX + 1));
    far.heard().failed(2, "no");
    assertThat(heard.expect("failed").token()).isEqualTo(2);
    assertThat(far.sent).hasSize(1);
  }

  @Test
  void lanesMayBeAtDifferentCatalogs() throws Exception {
    transport.open(heard);
    transport.send(Kind.CATALOG, 1, CatalogCodec.encode(catalog(3)));
    transport.send(Kind.CATALOG, 2, CatalogCodec.encode(catalog(4)));
    heard.expect("taken");
    heard.expect("taken");
    transport.send(Kind.BATCH, 3, batch(1, 4, 1));
    transport.send(Kind.BATCH, 4, batch(2, 3, 1));
    assertThat(far.sent.get(0)).contains("lamp-4/power");
    assertThat(far.sent.get(1)).contains("lamp-3/power");
    transport.send(Kind.BATCH, 5, batch(3, 9, 1));
    assertThat(heard.expect("failed").token()).isEqualTo(5);
  }

  @Test
  void closesWhatItStandsOn() {
    transport.open(heard);
    assertThat(transport.byteCounts()).containsExactly(1, 2);
    transport.close();
    assertThat(far.closed).isTrue();
  }
}
