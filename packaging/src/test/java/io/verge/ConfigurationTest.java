package io.verge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.cli.VergeCommand;
import io.verge.config.ConfigReader;
import io.verge.config.Entry;
import io.verge.config.Problem;
import io.verge.runtime.Found;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void theSampleHasNoProblems() {
    assertThat(sample().problems()).isEmpty();
  }

  /** The page's table and the reader agree on every key the sample's devices can have. */
  @Test
  void thePageTellsEveryKey() throws IOException {
    Path page = root().resolve("gateway-core/docs/configuration.md");
    Set<String> told = new TreeSet<>();
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("| `")) {
        List<String> cells = cells(line);
        told.add(cells.get(0) + " | " + cells.get(1) + " | " + cells.get(2));
      }
    }
    Set<String> asked = new TreeSet<>();
    for (Entry entry : sample().entries()) {
      String fallback =
          switch (entry.path()) {
            case "site.name" -> "the gateway's";
            case "rule.name" -> "its kind";
            case "rule.dwell" -> "by kind";
            default -> entry.fallback();
          };
      asked.add(entry.path() + " | " + entry.expected() + " | " + fallback);
    }
    assertThat(told).containsExactlyElementsOf(asked);
  }

  private static List<String> cells(String row) {
    return Pattern.compile("|", Pattern.LITERAL)
        .splitAsStream(row.substring(1))
        .map(cell -> cell.strip().replace("`", ""))
        .toList();
  }

  @Test
  void whatHoldsIsAFileThatHoldsTheSame() throws IOException {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(file, PLAN);
    String shown = show(file);
    assertThat(shown).contains("commit_interval = \"5s\"").contains("# default");
    Files.writeString(file, shown);
    assertThat(values(show(file))).isEqualTo(values(shown));
  }

  private static List<String> values(String shown) {
    return shown.lines().map(line -> line.replaceAll(" +# (default|line \\d+)$", "")).toList();
  }

  @Test
  void whatDiffersIsToldByKey() throws IOException {
    Path sample = root().resolve("packaging/src/main/config/gateway.toml");
    Path fresh = folder.resolve("new.toml");
    String added =
        "[[bus.device]]\nasset = \"lamp-19\"\ndriver = \"modbus\"\n"
            + "profile = \"lamp-controller\"\naddress = 19\n\n";
    String text = Files.readString(sample);
    Files.writeString(
        fresh,
        text.replace("\"Linden Street\"", "\"Lime Street\"")
            .replace("# The cabinet's electricity", added + "# The cabinet's electricity"));
    String told = run("config", "diff", sample.toString(), fresh.toString());
    String page = Files.readString(root().resolve("gateway-core/docs/cli.md"));
    assertThat(page).contains("$ verge config diff new.toml\n" + told + "```\n");
    assertThat(run("config", "diff", fresh.toString(), sample.toString()).lines())
        .anyMatch(line -> line.startsWith("- bus[lamps].device[lamp-19]: asset"));
    Files.writeString(fresh, "# other words, same meaning\n" + text);
    assertThat(run("config", "diff", sample.toString(), fresh.toString()))
        .isEqualTo("no difference\n");
  }

  /**
   * What the editor is told agrees with the reader, for the sample and for every key of the page.
   */
  @Test
  void theSchemaKnowsEveryKeyAndItsKind() throws IOException {
    JsonObject schema = JsonParser.parseString(run("config", "schema")).getAsJsonObject();
    for (Entry entry : sample().entries()) {
      JsonObject table = schema;
      for (String part : entry.table().split("\\.", -1)) {
        JsonObject inner = table.getAsJsonObject("properties").getAsJsonObject(part);
        if (inner.has("anyOf")) {
          inner = inner.getAsJsonArray("anyOf").get(1).getAsJsonObject();
        }
        table = inner.has("items") ? inner.getAsJsonObject("items") : inner;
      }
      JsonObject key = table.getAsJsonObject("properties").getAsJsonObject(entry.key());
      assertThat(key).as(entry.path()).isNotNull();
      String told = key.toString();
      if (told.equals("{\"description\":\"optional\"}")) {
        continue; // asked for where it is given only: any kind
      }
      if (entry.expected().equals("true or false")) {
        assertThat(told).as(entry.path()).contains("\"type\":\"boolean\"");
      } else if (entry.expected().startsWith("whole number")) {
        assertThat(told).as(entry.path()).contains("\"type\":\"integer\"", "\"minimum\"");
      } else if (entry.expected().startsWith("duration")) {
        assertThat(told).as(entry.path()).contains("(ms|s|m|h|d)");
      }
      assertThat(table.get("additionalProperties").getAsBoolean()).isFalse();
    }
    JsonObject device =
        schema
            .getAsJsonObject("properties")
            .getAsJsonObject("bus")
            .getAsJsonObject("items")
            .getAsJsonObject("properties")
            .getAsJsonObject("device")
            .getAsJsonObject("items");
    assertThat(device.getAsJsonArray("required").toString()).isEqualTo("[\"asset\",\"driver\"]");
    Set<String> keys = device.getAsJsonObject("properties").keySet();
    Pattern asked = Pattern.compile("device\\s*\\.(?!has|reject)\\w+\\(\\s*\"(\\w+)\"");
    try (var sources = Files.walk(root().resolve("drivers/src/main/java"))) {
      for (Path source :
          sources.filter(path -> path.toString().endsWith("Factory.java")).toList()) {
        var matcher = asked.matcher(Files.readString(source));
        while (matcher.find()) {
          assertThat(keys).as(source.toString()).contains(matcher.group(1));
        }
      }
    }
  }

  /** The sample's night, as the page of the command line shows it. */
  @Test
  void planShowIsInTheManual() throws IOException {
    String sample = root().resolve("packaging/src/main/config/gateway.toml").toString();
    String shown = run("plan", "show", "--date", "2026-11-26", "--config", sample);
    assertThat(shown.lines()).allMatch(line -> line.length() <= 80);
    String page = Files.readString(root().resolve("gateway-core/docs/cli.md"));
    assertThat(page)
        .contains("$ verge plan show --date 2026-11-26 --config gateway.toml\n" + shown + "```\n");
    String json = run("plan", "show", "--date", "2026-11-26", "--json", "--config", sample);
    assertThat(json.lines()).hasSize(1);
    assertThat(json).contains("\"plan\":\"street\"", "\"at\":\"2026-11-26T23:00+01:00\"");
    assertThat(run("plan", "show", "--date", "2026-12-31", "--config", sample))
        .contains("16:00  100%  16:00");
  }

  private static final String PLAN =
      GOOD.replace("gateway = \"gw-7\"", "gateway = \"gw-7\"\nzone = \"Europe/Berlin\"")
          + """
          [[plan]]
          name = "street"
          lamps = ["lamp-1"]
          on = "18:00"
          off = "06:00"
          """;

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

  private static String show(Path file) {
    return run("config", "show", file.toString());
  }

  private static String run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code =
        VergeCommand.of(
                InputStream.nullInputStream(),
                print,
                print,
                "test",
                List.of(),
                Found.configReader(List.of(), Set.of()),
                List.of())
            .execute(args);
    assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ConfigReader.Result sample() {
    return Found.configReader(List.of(), Set.of())
        .read(root().resolve("packaging/src/main/config/gateway.toml"));
  }

  private static Path root() {
    return Path.of(System.getProperty("verge.root", ".."));
  }

  private ConfigReader.Result read(String toml) throws IOException {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(file, toml);
    return Found.configReader(List.of(), Set.of()).read(file);
  }
}
