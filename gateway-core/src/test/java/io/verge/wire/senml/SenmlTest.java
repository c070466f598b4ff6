package io.verge.wire.senml;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.Clk;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SenmlTest {
  private static final Catalog CATALOG =
      new Catalog(
          1,
          List.of(
              new DeviceType(
                  "lamp",
                  60_000,
                  List.of(PointType.gauge("power", "W", 1), PointType.gauge("level", "%", 0)))),
          List.of(new Device(0, "lamp-1"), new Device(0, "lamp-2")));

  private static final long UTC = 1_276_020_076_000L;

  private static Stamp at(long boot, long mono, long utc) {
    return new Stamp(boot, mono, utc, 0);
  }

  private static Batch batch(boolean sinceBoot, List<Sample> samples) {
    return new Batch(
        1, Lane.TELEMETRY, 1, 1, 1, new Clk(sinceBoot, 0, 7), 100, samples, List.of(), List.of());
  }

  private static String json(List<SenmlRecord> records) {
    return new String(SenmlJson.encode("gw-1/", records), StandardCharsets.UTF_8);
  }

  @Test
  void readingsResolveOneToOne() {
    Stamp first = at(7, 0, UTC);
    Stamp second = at(7, 60_100, UTC + 60_100);
    List<SenmlRecord> records =
        Senml.records(
            batch(
                false,
                List.of(
                    new Sample(0, first, Quality.GOOD, new long[] {605, 100}, null),
                    new Sample(1, second, Quality.SUSPECT, new long[] {-3, Sample.NONE}, null),
                    Sample.failed(1, second, Quality.TIMEOUT, 2))),
            CATALOG,
            second);
    assertThat(json(records))
        .isEqualTo(
            "[{\"bn\":\"gw-1/\",\"bt\":1276020076,\"n\":\"lamp-1/power\",\"u\":\"W\",\"v\":60.5},"
                + "{\"n\":\"lamp-1/level\",\"u\":\"%\",\"v\":100},"
                + "{\"n\":\"lamp-2/power\",\"u\":\"W\",\"t\":60.1,\"v\":-0.3}]");
  }

  /**
   * The pieces of the example in RFC 8428, section 6: base name (0x21), base time (0x22), name
   * (0x00), unit (0x01) and value (0x02), with the bytes that stand there.
   */
  @Test
  void cborUsesTheLabelsOfTheRfc() {
    List<SenmlRecord> records =
        List.of(
            SenmlRecord.of(
                "voltage", "V", new BigDecimal("1.276020076001e+09"), new BigDecimal("120.1")));
    assertThat(Hex.plain(SenmlCbor.encode("urn:dev:ow:10e2073a0108006:", records)))
        .isEqualTo(
            "81A5"
                + "21781B75726E3A6465763A6F773A31306532303733613031303830"
                + "30363A"
                + "22FB41D303A15B001062"
                + "0067766F6C74616765"
                + "016156"
                + "02FB405E066666666666");
  }

  @Test
  void eventsAndGapsAreTold() {
    Batch batch =
        new Batch(
            1,
            Lane.EVENT,
            1,
            1,
            1,
            new Clk(false, 0, 7),
            1,
            List.of(),
            List.of(new Event(at(7, 0, UTC), "lamp.failed", Severity.WARNING, 1, Map.of())),
            List.of(new Gap(Lane.METER, 1, 2, 1, 50, "full", UTC - 5_000, UTC, 150)));
    assertThat(json(Senml.records(batch, CATALOG, at(7, 10, UTC + 10))))
        .isEqualTo(
            "[{\"bn\":\"gw-1/\",\"bt\":1276020076,\"n\":\"lamp-2/event\",\"vs\":\"lamp.failed\"},"
                + "{\"n\":\"gap/meter\",\"t\":-5,\"vs\":\"full\"},"
                + "{\"n\":\"gap/meter/readings\",\"u\":\"count\",\"t\":-5,\"v\":150}]");
  }

  @Test
  void withoutAClockTimesAreRelativeToNow() {
    Sample sample =
        new Sample(0, at(7, 1_000, Stamp.NO_UTC), Quality.GOOD, new long[] {605, 100}, null);
    List<SenmlRecord> relative =
        Senml.records(batch(true, List.of(sample)), CATALOG, at(7, 4_500, Stamp.NO_UTC));
    assertThat(relative.get(0).seconds()).isEqualByComparingTo("-3.5");
    List<SenmlRecord> known =
        Senml.records(batch(true, List.of(sample)), CATALOG, at(7, 4_500, UTC));
    assertThat(known.get(0).seconds()).isEqualByComparingTo("1276020072.5");
  }

  @Test
  void whatAnEarlierBootMeasuredWithoutAClockIsDeclared() {
    Sample sample =
        new Sample(0, at(6, 1_000, Stamp.NO_UTC), Quality.GOOD, new long[] {605, 100}, null);
    assertThat(json(Senml.records(batch(true, List.of(sample)), CATALOG, at(7, 4_500, UTC))))
        .isEqualTo(
            "[{\"bn\":\"gw-1/\",\"bt\":1276020076,\"n\":\"gap/telemetry/no-time\",\"u\":\"count\",\"v\":2}]");
  }

  @Test
  void textIsQuoted() {
    assertThat(json(List.of(SenmlRecord.of("event", BigDecimal.ZERO, "a\"b\\c\n"))))
        .isEqualTo("[{\"bn\":\"gw-1/\",\"bt\":0,\"n\":\"event\",\"vs\":\"a\\\"b\\\\c\\u000a\"}]");
  }

  @Test
  void nothingIsAnEmptyPack() {
    assertThat(json(List.of())).isEqualTo("[]");
    assertThat(SenmlCbor.encode("gw-1/", List.of())).containsExactly(0x80);
  }
}
