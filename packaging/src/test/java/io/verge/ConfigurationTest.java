package io.verge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.verge.config.ConfigReader;
import io.verge.config.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is wrong in a configuration is told at once, with its place and what was meant. */
class ConfigurationTest extends ConfigurationFixture {
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

  private List<String> rejected(String health) throws IOException {
    return read(GOOD + "\n[health]\n" + health).problems().stream()
        .map(problem -> problem.key() + " " + problem.message())
        .toList();
  }

  @Test
  void collectorsAreServedOnTheLoopbackOnly() throws IOException {
    for (String address : List.of("127.0.0.1:9464", "127.1.2.3:1", "[::1]:65535")) {
      assertThat(rejected("metrics = \"" + address + "\"")).as(address).isEmpty();
    }
    for (String address :
        List.of("0.0.0.0:9464", "192.0.2.7:80", "[::]:9464", "[2001:db8::1]:80")) {
      assertThat(rejected("metrics = \"" + address + "\""))
          .as(address)
          .singleElement(STRING)
          .contains("health.metrics")
          .contains("can be reached from elsewhere");
    }
    for (String address :
        List.of(
            "",
            "9464",
            "127.0.0.1",
            "127.0.0.1:0",
            "127.0.0.1:65536",
            "127.0.0.999:80",
            "localhost:80",
            "[:::]:80")) {
      assertThat(rejected("metrics = \"" + address + "\""))
          .as(address)
          .singleElement(STRING)
          .contains("health.metrics found");
    }
  }

  @Test
  void theGatewaysOwnNameIsTaken() throws IOException {
    String twice = GOOD.replace("asset = \"lamp-1\"", "asset = \"gw-7\"");
    assertThat(twice).isNotEqualTo(GOOD);
    assertThat(read(twice).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("gateway's own name"));
    assertThat(read(twice + "\n[health]\ndeliver = false\n").problems()).isEmpty();
  }

  @Test
  void rulesMayJudgeTheGatewayItself() throws IOException {
    String rule =
        "\n[[rule]]\nkind = \"threshold\"\nassets = [\"gw-7\"]\npoint = \"cpu-temperature\"\nabove = 80\n";
    assertThat(read(GOOD + rule).problems()).isEmpty();
    assertThat(read(GOOD + rule + "\n[health]\ndeliver = false\n").problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("nothing is called"));
    assertThat(read(GOOD + rule.replace("cpu-temperature", "cpu")).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("has no cpu"));
  }

  @Test
  void theModemsAssetsMustBeOnesThatCan() throws IOException {
    String modem =
        "[[bus]]\nname = \"m\"\nport = \"serial:/dev/ttyUSB2\"\n[[bus.device]]\n"
            + "asset = \"modem\"\ndriver = \"at\"\n";
    var read = read(GOOD + modem + "[modem]\nasset = \"modem\"\nradio_a_day = 0\n");
    assertThat(read.problems()).isEmpty();
    assertThat(
            java.util.Objects.requireNonNull(
                    java.util.Objects.requireNonNull(read.config()).modem())
                .ladder()
                .steps())
        .extracting(step -> step.rung().word() + " " + step.aDay())
        .containsExactly("reregister 12", "reset 4");
    assertThat(java.util.Objects.requireNonNull(read(GOOD).config()).modem()).isNull();
    for (String wrong : List.of("asset = \"moden\"", "asset = \"lamp-1\"", "power = \"modem\"")) {
      assertThat(read(GOOD + modem + "[modem]\n" + wrong + "\n").problems())
          .as(wrong)
          .extracting(Problem::key)
          .containsExactly("modem." + wrong.substring(0, wrong.indexOf(' ')));
    }
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
  void aChipThatCannotBeIsToldWithItsPlace() throws IOException {
    String lines =
        """
        [site]
        gateway = "gw-7"
        [[uplink]]
        name = "city"
        url = "mqtt://127.0.0.1:1883"
        [[bus]]
        name = "lines"
        port = "gpio:gpiochip0?via=chardev"
        [[bus.device]]
        asset = "lamp-1"
        driver = "relay"
        line = 17
        """;
    assertThat(read(lines).problems()).isEmpty();
    assertThat(read(lines.replace("via=chardev", "via=sysfs")).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.line()).isEqualTo(8))
        .satisfies(problem -> assertThat(problem.toString()).contains("pi4j or chardev"));
    assertThat(
            read(GOOD.replace("serial:/dev/ttyUSB0?baud=9600&format=8N1", "gpio:gpiochip0"))
                .problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.toString()).contains("a byte bus"));
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

  @Test
  void everythingWrongWithAPlanIsToldAtOnce() throws IOException {
    assertThat(read(PLAN).problems()).isEmpty();
    String wrong =
        GOOD
            + """
            [[plan]]
            name = "a"
            lamps = ["lamp-1", "lmp-2"]
            on = "sunset-10"
            off = "sunrise"
            level = "110%"
            safe_level = 5
            [[plan.step]]
            at = "25:00"
            level = 60
            days = ["mo", "tue"]
            [[plan.exception]]
            dates = ["2026-02-30"]
            level = "50%"
            [[plan]]
            name = "a"
            lamps = ["lamp-*"]
            on = "06:00"
            off = "18:00"
            colour = "red"
            """;
    List<String> found =
        read(wrong).problems().stream()
            .map(problem -> problem.line() + " " + problem.key())
            .toList();
    assertThat(found)
        .containsExactlyInAnyOrder(
            "16 plan.name",
            "17 plan.lamps",
            "18 plan.on",
            "20 plan.level",
            "21 plan.safe_level",
            "23 plan.step.at",
            "24 plan.step.level",
            "25 plan.step.days",
            "27 plan.exception.dates",
            "30 plan.name",
            "31 plan.lamps",
            "33 plan.off",
            "34 plan.colour");
  }

  @Test
  void everythingWrongWithRulesIsToldAtOnce() throws IOException {
    String wrong =
        PLAN
            + """
            [[rule]]
            kind = "lamp-faild"
            assets = ["lamp-1"]
            [[rule]]
            kind = "container-full"
            assets = ["lamp-*"]
            full = "60%"
            [[rule]]
            kind = "day-burner"
            assets = ["lamp-7"]
            [[rule]]
            kind = "threshold"
            assets = ["lamp-1"]
            point = "power"
            above = 5
            clear = 6
            below = 1
            [[rule]]
            kind = "lamp-failed"
            name = "threshold"
            assets = ["lamp-1"]
            drop = 5
            """;
    assertThat(read(wrong).problems())
        .extracting(Problem::key)
        .containsExactlyInAnyOrder(
            "rule.kind",
            "rule.assets",
            "rule.clear",
            "rule.kind",
            "rule.assets",
            "rule.below",
            "rule.clear",
            "rule.name",
            "rule.drop");
  }
}
