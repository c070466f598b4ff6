package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an uplink may be told, and what speaks against what. */
class UplinkConfigurationTest extends ConfigurationFixture {
  @Test
  void aCodecHasItsOwnKeys() throws IOException {
    String url = "url = \"mqtt://127.0.0.1:1883\"\n";
    String sparkplug =
        "codec = \"sparkplug-b\"\ngroup = \"street\"\nprimary_host = \"scada\"\nassets = [\"lamp-*\"]\n";
    var read = read(GOOD.replace(url, url + sparkplug));
    assertThat(read.problems()).isEmpty();
    assertThat(java.util.Objects.requireNonNull(read.config()).uplinks().get(0).foreign())
        .isEqualTo(
            new io.verge.uplink.UplinkSettings.Foreign(
                List.of("lamp-*"), "street", "gw-7", "scada", "", ""));
    assertThat(read(GOOD.replace(url, url + "assets = [\"lamp-*\"]\ngroup = \"x\"\n")).problems())
        .extracting(Problem::key)
        .containsExactlyInAnyOrder("uplink.assets", "uplink.group");
    assertThat(read(GOOD.replace(url, url + "codec = \"aliyun\"\ntopic = \"a/b\"\n")).problems())
        .extracting(Problem::key)
        .containsExactlyInAnyOrder(
            "uplink.topic", "uplink.password_file", "uplink.product_key", "uplink.device_name");
    assertThat(
            read(GOOD.replace(url, url + "codec = \"sparkplug-b\"\ngroup = \"a/b\"\n")).problems())
        .extracting(Problem::key)
        .containsExactly("uplink.group");
  }

  @Test
  void furtherServersKeepTheirOrderAndShareTheScheme() throws IOException {
    String url = "url = \"mqtt://127.0.0.1:1883\"\n";
    var read =
        read(GOOD.replace(url, url + "also = [\"mqtt://b:1\", \"mqtt://a:2\", \"mqtt://b:3\"]\n"));
    assertThat(read.problems()).isEmpty();
    assertThat(java.util.Objects.requireNonNull(read.config()).uplinks().get(0).servers())
        .extracting(java.net.URI::toString)
        .containsExactly("mqtt://127.0.0.1:1883", "mqtt://b:1", "mqtt://a:2", "mqtt://b:3");
    for (String wrong :
        List.of("mqtts://b:1", "mqtt://127.0.0.1:1883", "mqtt://b:1\", \"mqtt://b:1", "b c", "b")) {
      assertThat(read(GOOD.replace(url, url + "also = [\"" + wrong + "\"]\n")).problems())
          .as(wrong)
          .extracting(Problem::key)
          .containsExactly("uplink.also");
    }
  }

  @Test
  void theLineOfAnUplinkIsReadAndItsMistakesFound() throws IOException {
    String url = "url = \"mqtt://127.0.0.1:1883\"\n";
    var read =
        read(
            GOOD.replace(
                url,
                url
                    + "budget = \"14MB\"\nbudget_day = 15\nconnect = \"when-needed\"\n"
                    + "connect_every = \"1h\"\nkeep_alive_max = \"20m\"\n"
                    + "proxy = \"socks5://gw-1@10.0.0.1:1080\"\ninterface = \"wwan0\"\n"
                    + "live_qos = 1\n"));
    assertThat(read.problems()).isEmpty();
    assertThat(java.util.Objects.requireNonNull(read.config()).uplinks().get(0).line())
        .isEqualTo(
            new io.verge.uplink.Line(
                14_000_000,
                15,
                3_600_000,
                1_200_000,
                java.net.URI.create("socks5://gw-1@10.0.0.1:1080"),
                null,
                "wwan0",
                1));
    for (String wrong :
        List.of(
            "budget = \"10kB\"",
            "budget_day = 29",
            "connect = \"never\"",
            "connect_every = \"1h\"",
            "keep_alive_max = \"10s\"",
            "live_qos = 2",
            "proxy = \"ftp://a:1\"",
            "proxy = \"http://a\"",
            "proxy = \"http://u:secret@a:1\"",
            "interface = \"a b\"")) {
      assertThat(read(GOOD.replace(url, url + wrong + "\n")).problems())
          .as(wrong)
          .extracting(Problem::key)
          .containsExactly("uplink." + wrong.substring(0, wrong.indexOf(' ')));
    }
    String coap = url.replace("mqtt", "coap");
    assertThat(
            read(GOOD.replace(
                    url,
                    coap
                        + "keep_alive_max = \"20m\"\nproxy = \"http://a:1\"\ninterface = \"lo\"\n"
                        + "live_qos = 0\n"))
                .problems())
        .extracting(Problem::key)
        .containsExactlyInAnyOrder(
            "uplink.keep_alive_max", "uplink.proxy", "uplink.interface", "uplink.live_qos");
    assertThat(read(GOOD.replace(url, url + "ack = \"broker\"\nlive_qos = 0\n")).problems())
        .extracting(Problem::key)
        .containsExactly("uplink.live_qos");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mqtt://127.0.0.1:1883 | | 1200000",
        "mqtt://127.0.0.1:1883 | keep_alive = \"30m\" | 1800000",
        "mqtt://127.0.0.1:1883 | keep_alive_max = \"1m\" | 60000",
        "mqtt://127.0.0.1:1883 | codec = \"senml-json\" | 1200000",
        "mqtt://127.0.0.1:1883 | codec = \"sparkplug-b\" | 0",
        "coap://127.0.0.1:5683 | | 0"
      })
  void theKeepAliveIsLearnedUnlessSomethingSpeaksAgainstIt(
      String address, @Nullable String more, long mostMs) throws IOException {
    String url = "url = \"mqtt://127.0.0.1:1883\"\n";
    String given = "url = \"" + address + "\"\n" + (more == null ? "" : more + "\n");
    var read = read(GOOD.replace(url, given));
    assertThat(read.problems()).isEmpty();
    assertThat(
            java.util.Objects.requireNonNull(read.config())
                .uplinks()
                .get(0)
                .line()
                .keepAliveMostMs())
        .isEqualTo(mostMs);
  }

  @Test
  void coapTakesAKeyOrACertificateAndNoUser() throws IOException {
    Path key = folder.resolve("psk");
    Files.writeString(key, "00112233445566778899aabbccddeeff");
    Files.setPosixFilePermissions(
        key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    String psk = "psk_identity = \"gw-7\"\npsk_file = \"psk\"\n";
    assertThat(uplink("coap://city.example", "")).isEmpty();
    assertThat(uplink("coaps://city.example", psk)).isEmpty();
    assertThat(uplink("coaps://city.example", "psk_file = \"psk\"\n"))
        .containsExactly("uplink.psk_identity");
    assertThat(uplink("mqtts://city.example", psk)).containsExactly("uplink.psk_file");
    assertThat(uplink("coap://city.example", psk)).containsExactly("uplink.psk_file");
    assertThat(uplink("coaps://city.example", "user = \"gw-7\"\n")).containsExactly("uplink.user");
  }

  private List<String> uplink(String url, String lines) throws IOException {
    return read(
            GOOD.replace("url = \"mqtt://127.0.0.1:1883\"\n", "url = \"" + url + "\"\n" + lines))
        .problems()
        .stream()
        .map(Problem::key)
        .toList();
  }
}
