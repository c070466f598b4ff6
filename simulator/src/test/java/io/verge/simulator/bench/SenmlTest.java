package io.verge.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packs worked out by hand from RFC 8428, table 4 (labels), and RFC 8949, section 3.4.4. */
class SenmlTest {
  private static final Catalog CATALOG =
      new Catalog(
          1,
          List.of(
              new DeviceType(
                  "lamp",
                  60_000,
                  List.of(PointType.gauge("power", "W", 1), PointType.state("on")))),
          List.of(new Device(0, "l1")));
  private static final Sample LIT =
      new Sample(
          0, new Stamp(7, 0, 1_790_000_000_500L, 0), Quality.GOOD, new long[] {605, 1}, null);

  private final Senml senml = new Senml(CATALOG);

  @Test
  void writesJson() {
    assertThat(new String(senml.json(List.of(LIT)), StandardCharsets.UTF_8))
        .isEqualTo(
            "[{\"bn\":\"urn:dev:org:32473-gw-demo:l1/\",\"bt\":1790000000.5,"
                + "\"n\":\"power\",\"u\":\"W\",\"v\":60.5},{\"n\":\"on\",\"v\":1}]");
  }

  @Test
  void writesCbor() {
    String name = Hex.plain("urn:dev:org:32473-gw-demo:l1/".getBytes(StandardCharsets.UTF_8));
    assertThat(Hex.plain(senml.cbor(List.of(LIT))))
        .isEqualTo(
            "82A5" // two records; the first of five entries
                + ("21781D" + name) // -2: base name, 29 characters
                + "22C482201B000000042AEC5305" // -3: base time, 10^-1 * 17900000005
                + "0065706F776572" // 0: "power"
                + "016157" // 1: "W"
                + "02C4822019025D" // 2: 10^-1 * 605
                + "A200626F6E0201"); // "on": 1
  }

  @Test
  void leavesOutWhatHasNoValue() {
    Sample failed = Sample.failed(0, LIT.stamp(), Quality.TIMEOUT, 2);
    assertThat(senml.cbor(List.of(failed))).containsExactly(0x80);
    assertThat(new String(senml.json(List.of(failed)), StandardCharsets.UTF_8)).isEqualTo("[]");
  }
}
