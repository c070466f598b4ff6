package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.config.ConfigReader;
import io.verge.config.Problem;
import io.verge.runtime.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration reader with the drivers and transports that ship. */
class ConfigurationTest {
  private static final String GOOD =
      """
      [site]
      gateway = "gw-7"
      [[uplink]]
      name = "city"
      url = "mqtt://127.0.0.1:1883"
      [[bus]]
      name = "lamps"
      port = "serial:/dev/ttyUSB0?baud=9600&format=8N1"
      [[bus.device]]
      asset = "lamp-1"
      driver = "modbus"
      profile = "lamp-controller"
      address = 1
      every = "60s"
      """;

  private static final String TEN_MISTAKES =
      """
      [site]
      gateway = "GW 7"
      nam = "x"
      [store]
      commit_interval = 5
      max_size = "64 megs"
      [[uplink]]
      name = "city"
      url = "http://city.example"
      [[bus]]
      name = "lamps"
      port = "serial:/dev/ttyUSB0?baud=960000"
      retries = "one"
      [[bus.device]]
      asset = "lamp-1"
      driver = "modbas"
      [[bus.device]]
      asset = "lamp-2"
      driver = "modbus"
      profile = "lamp-controler"
      [[bus.device]]
      asset = "lamp-3"
      driver = "modbus"
      profile = "lamp-controller"
      address = 300
      """;

  @TempDir private Path folder = Path.of("unset");

  @Test
  void aGoodFileHasNoProblems() throws IOException {
    assertThat(read(GOOD).problems()).isEmpty();
    assertThat(read(GOOD).config()).isNotNull();
  }

  @Test
  void tenMistakesAreTenProblemsWithTheirPlaces() throws IOException {
    List<String> places =
        read(TEN_MISTAKES).problems().stream()
            .map(problem -> problem.line() + ":" + problem.column() + " " + problem.key())
            .toList();
    assertThat(places)
        .containsExactly(
            "2:1 site.gateway",
            "3:1 site.nam",
            "5:1 store.commit_interval",
            "6:1 store.max_size",
            "9:1 uplink.url",
            "12:1 bus.port",
            "13:1 bus.retries",
            "16:1 bus.device.driver",
            "20:1 bus.device.profile",
            "25:1 bus.device.address");
  }

  @Test
  void aWrongWordSaysWhatWasMeant() throws IOException {
    assertThat(read(TEN_MISTAKES).problems())
        .extracting(Problem::hint)
        .contains(
            "did you mean 'modbus'?", "did you mean 'lamp-controller'?", "did you mean 'name'?");
  }

  @Test
  void twoDevicesAtOneAddressAreRefused() throws IOException {
    String twice =
        GOOD
            + """
            [[bus.device]]
            asset = "lamp-2"
            driver = "modbus"
            profile = "lamp-controller"
            address = 1
            """;
    assertThat(read(twice).problems()).hasSize(1);
  }

  @Test
  void noDamageToAFileThrows() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 600; i++) {
      StringBuilder text = new StringBuilder(GOOD);
      for (int change = 0; change <= random.nextInt(4); change++) {
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.deleteCharAt(at);
        } else {
          text.setCharAt(at, (char) (32 + random.nextInt(95)));
        }
      }
      ConfigReader.Result result = read(text.toString());
      assertThat(result.config() == null)
          .as("change %d", i)
          .isEqualTo(!result.problems().isEmpty());
    }
  }

  private ConfigReader.Result read(String toml) throws IOException {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(file, toml);
    return Found.configReader(List.of(), Set.of()).read(file);
  }
}
