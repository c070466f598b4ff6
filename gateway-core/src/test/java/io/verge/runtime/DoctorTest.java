package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.autonomy.Place;
import io.verge.config.SiteConfig;
import io.verge.local.FrameView;
import io.verge.transport.PortUri;
import io.verge.uplink.TestKeys;
import io.verge.uplink.Tls;
import io.verge.uplink.UplinkSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DoctorTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  @TempDir private Path root = Path.of("unset");
  private Path device = Path.of("unset");
  private Path data = Path.of("unset");

  @BeforeEach
  void aComputer() throws IOException {
    device = Files.createFile(root.resolve("ttyAMA0"));
    data = Files.createDirectory(root.resolve("data"));
    file("etc/group", "root:x:0:\ndialout:x:20:verge,pi\n");
    file("proc/cmdline", "root=/dev/mmcblk0p2 quiet\n");
  }

  private void file(String name, String text) throws IOException {
    Path path = root.resolve(name);
    Files.createDirectories(path.resolveSibling(""));
    Files.writeString(path, text);
  }

  private void process(int pid, String name) throws IOException {
    file("proc/" + pid + "/comm", name + "\n");
    Path folder = Files.createDirectories(root.resolve("proc/" + pid + "/fd"));
    Files.createSymbolicLink(folder.resolve("7"), device.toRealPath());
  }

  private SiteConfig site(URI uri, @Nullable Path ca) {
    UplinkSettings uplink =
        new UplinkSettings(
            "city", "gw-7", uri, ca, null, null, null, null, null, null, 1000, 1000, false);
    SiteConfig.Bus bus =
        new SiteConfig.Bus(
            "lamps",
            new PortUri("serial", device.toString(), Map.of()),
            false,
            300,
            1,
            50,
            false,
            List.of());
    return new SiteConfig(
        "gw-7",
        "",
        false,
        new SiteConfig.Store(5000, 1, 1, 1, "oldest", "oldest", 1, 10, 0, Set.of(), 0),
        root.resolve("no.sock"),
        List.of(uplink),
        List.of(bus),
        new SiteConfig.Plan(new Place(0, 0, ZoneOffset.UTC), false, List.of()),
        List.of(),
        Set.of(),
        new SiteConfig.Health(false, 900_000, null),
        null,
        null);
  }

  private Finding of(String check) throws IOException {
    return of(check, URI.create("mqtt://127.0.0.1:1"), null);
  }

  private Finding of(String check, URI uri, @Nullable Path ca) throws IOException {
    return new Doctor(site(uri, ca), data, new Machine(root), NOW, null, Map.of())
        .examine().stream().filter(one -> one.check().equals(check)).findFirst().orElseThrow();
  }

  @Test
  void aFreePortIsGood() throws IOException {
    assertThat(of("port lamps").state()).isEqualTo(Finding.State.good);
  }

  @Test
  void aPortThatIsNotThereSaysWhereToLook() throws IOException {
    Files.delete(device);
    assertThat(of("port lamps"))
        .isEqualTo(
            Finding.bad(
                "port lamps",
                device + " is not there",
                "Plugged in? See: ls -l /dev/verge /dev/serial/by-path"));
  }

  @Test
  void aPortSomebodyHoldsNamesWho() throws IOException {
    process(412, "ModemManager");
    assertThat(of("port lamps").found()).contains("ModemManager (process 412)");
  }

  @Test
  void theKernelsConsoleIsNoBus() throws IOException {
    file("proc/cmdline", "console=ttyAMA0,115200 quiet\n");
    assertThat(of("port lamps").found()).contains("console");
  }

  @Test
  void withoutItsGroupTheServiceMayNotOpenPorts() throws IOException {
    assertThat(of("groups").state()).isEqualTo(Finding.State.good);
    file("etc/group", "dialout:x:20:pi\nverge:x:999:\n");
    assertThat(of("groups").advice()).contains("adduser verge dialout");
  }

  @Test
  void theClockIsGoodOnceNtpHasSetIt() throws IOException {
    assertThat(of("clock").state()).isEqualTo(Finding.State.warning);
    file("run/systemd/timesync/synchronized", "");
    assertThat(of("clock").state()).isEqualTo(Finding.State.good);
  }

  @Test
  void aBackEndThatListensIsReachedAndAClosedPortIsNot() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
      assertThat(of("uplink city", URI.create("mqtt://127.0.0.1:" + port), null).state())
          .isEqualTo(Finding.State.good);
    }
    assertThat(of("uplink city", URI.create("mqtt://127.0.0.1:" + port), null).found())
        .contains("cannot be reached");
  }

  @Test
  void heatIsTheHottestThermometers() throws IOException {
    assertThat(of("temperature").state()).isEqualTo(Finding.State.unknown);
    file("sys/class/thermal/thermal_zone0/temp", "48312\n");
    file("sys/class/thermal/thermal_zone1/temp", "switched off\n");
    assertThat(of("temperature").found()).isEqualTo("48.3 degrees");
    file("sys/class/thermal/thermal_zone2/temp", "81000\n");
    assertThat(of("temperature").state()).isEqualTo(Finding.State.bad);
  }

  @Test
  void theSupplyIsAsTheFirmwareRemembersIt() throws IOException {
    assertThat(of("supply").state()).isEqualTo(Finding.State.unknown);
    assertThat(supply("0")).isEqualTo(Finding.State.good);
    assertThat(supply("50005")).isEqualTo(Finding.State.bad);
    assertThat(supply("50000")).isEqualTo(Finding.State.warning);
    assertThat(supply("80008")).as("slowed for heat").isEqualTo(Finding.State.warning);
  }

  private Finding.State supply(String bits) throws IOException {
    file("sys/devices/platform/soc/soc:firmware/get_throttled", bits + "\n");
    return of("supply").state();
  }

  @Test
  void theGoodUartOfAPiNeedsItsOverlay() throws IOException {
    file("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
    file("boot/firmware/config.txt", "enable_uart=1\n#dtoverlay=disable-bt\n");
    assertThat(of("overlay lamps").found()).contains("no dtoverlay=disable-bt");
    file("boot/firmware/config.txt", "dtoverlay=miniuart-bt # frees it\n");
    assertThat(of("overlay lamps").state()).isEqualTo(Finding.State.good);
  }

  @Test
  void withoutARouteThereIsNoCity() throws IOException {
    assertThat(of("network").state()).isEqualTo(Finding.State.bad);
    String head = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n";
    file("proc/net/route", head + "eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\n");
    assertThat(of("network").state()).isEqualTo(Finding.State.bad);
    file("proc/net/route", head + "wwan0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\n");
    assertThat(of("network").found()).contains("wwan0");
  }

  @Test
  void aModemSaysWhyItDoesNotConnect() throws IOException {
    String card = "modem.generic.state : failed\nmodem.generic.state-failed-reason : sim-missing\n";
    modem(card);
    assertThat(of("modem").state()).isEqualTo(Finding.State.bad);
    assertThat(of("modem").found()).contains("sim-missing");
    String up =
        "modem.generic.state                 : connected\n"
            + "modem.3gpp.operator-name            : Stadtfunk\n"
            + "modem.generic.signal-quality.value  : ";
    modem(up + "17\n");
    assertThat(of("modem").state()).isEqualTo(Finding.State.warning);
    modem(up + "71\n");
    assertThat(of("modem"))
        .isEqualTo(Finding.good("modem", "connected, operator Stadtfunk, signal 71 %"));
  }

  private void modem(String says) throws IOException {
    file("usr/bin/mmcli", "#!/bin/sh\ncat <<'END'\n" + says + "END\n");
    Files.setPosixFilePermissions(
        root.resolve("usr/bin/mmcli"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aNameNobodyKnowsIsNotTakenForADeadServer() throws IOException {
    Finding name = of("name of city", URI.create("mqtts://nowhere.invalid"), null);
    assertThat(name.state()).isEqualTo(Finding.State.bad);
    assertThat(name.advice()).contains("resolv.conf");
  }

  @Test
  void aPortWithoutTlsIsNoServerForMqtts() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread hangsUp =
          new Thread(
              () -> {
                try {
                  server.accept().close();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      hangsUp.start();
      URI uri = URI.create("mqtts://127.0.0.1:" + server.getLocalPort());
      assertThat(of("uplink city", uri, null).state()).isEqualTo(Finding.State.bad);
    }
  }

  @Test
  void aHandshakeTellsTheServersDatesAndItsName() throws Exception {
    TestKeys keys = new TestKeys(root);
    keys.signed("city", "localhost");
    keys.signed("other", "elsewhere.example");
    assertThat(handshake(keys, "city"))
        .filteredOn(one -> one.check().equals("server of city"))
        .singleElement()
        .satisfies(one -> assertThat(one.found()).contains("less than 30 days left"));
    assertThat(handshake(keys, "other"))
        .filteredOn(one -> one.check().equals("uplink city"))
        .singleElement()
        .satisfies(one -> assertThat(one.state()).isEqualTo(Finding.State.bad))
        .satisfies(one -> assertThat(one.found()).contains("localhost"));
  }

  private List<Finding> handshake(TestKeys keys, String name) throws Exception {
    try (SSLServerSocket server =
        (SSLServerSocket)
            Tls.context(keys.pem("ca"), keys.pem(name), keys.key(name))
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answers =
          new Thread(
              () -> {
                try (java.net.Socket one = server.accept()) {
                  one.getInputStream().readAllBytes();
                } catch (IOException refused) {
                  assertThat(refused).as("the doctor did not like the name").isNotNull();
                }
              });
      answers.start();
      URI uri = URI.create("mqtts://localhost:" + server.getLocalPort());
      List<Finding> findings =
          new Doctor(
                  site(uri, keys.pem("ca")),
                  data,
                  new Machine(root),
                  Instant.now().plusSeconds(60),
                  null,
                  Map.of())
              .examine();
      answers.join();
      return findings;
    }
  }

  @Test
  void errorPatternsPointAtTheWiring() {
    assertThat(wiring(400, 2, List.of())).isEqualTo(Finding.State.good);
    assertThat(wiring(400, 40, List.of())).as("noise").isEqualTo(Finding.State.warning);
    assertThat(wiring(10, 9, List.of())).as("too few to tell").isNull();
    FrameView[] heard = {frame(true, "0103"), frame(false, "010302AAAA")};
    assertThat(wiring(400, 400, List.of(), "lamp-1")).isEqualTo(Finding.State.bad);
    assertThat(found(List.of(heard), "lamp-1").orElseThrow().found()).contains("yet bytes come");
    FrameView[] echo = {
      frame(true, "0103"), frame(false, "0103010302AAAA"),
      frame(true, "0203"), frame(false, "0203020302AAAA"),
      frame(true, "0303"), frame(false, "0303")
    };
    assertThat(found(List.of(echo), "lamp-1").orElseThrow().advice()).contains("echo = true");
  }

  private static FrameView frame(boolean sent, String hex) {
    return new FrameView("lamps", null, 0, sent, hex, "modbus");
  }

  private java.util.Optional<Finding> found(List<FrameView> frames, String... silent) {
    return BusChecks.wiring(
        site(URI.create("mqtt://127.0.0.1:1"), null).buses().get(0),
        new io.verge.local.BusView(
            "lamps", "", "up", "", 1, List.of(silent), 1, 1, 400, 400, List.of("lamp-1")),
        frames);
  }

  private Finding.@Nullable State wiring(
      long polls, long failed, List<FrameView> frames, String... silent) {
    return BusChecks.wiring(
            site(URI.create("mqtt://127.0.0.1:1"), null).buses().get(0),
            new io.verge.local.BusView(
                "lamps", "", "up", "", 1, List.of(silent), 1, 1, polls, failed, List.of("lamp-1")),
            frames)
        .map(Finding::state)
        .orElse(null);
  }

  @Test
  void aFileThatIsNoCertificateIsTold() throws IOException {
    file("ca.pem", "not a certificate");
    assertThat(
            of("authority of city", URI.create("mqtt://127.0.0.1:1"), root.resolve("ca.pem"))
                .state())
        .isEqualTo(Finding.State.bad);
  }

  /** Made by openssl, which writes dates independently of this JDK. */
  @Test
  void certificatesAreJudgedByTheirDates() throws IOException, InterruptedException {
    Path ca = root.resolve("ca.pem");
    Process openssl;
    try {
      openssl =
          new ProcessBuilder(
                  "openssl",
                  "req",
                  "-x509",
                  "-newkey",
                  "ec",
                  "-pkeyopt",
                  "ec_paramgen_curve:prime256v1",
                  "-nodes",
                  "-keyout",
                  root.resolve("key").toString(),
                  "-out",
                  ca.toString(),
                  "-subj",
                  "/CN=city",
                  "-days",
                  "100")
              .redirectErrorStream(true)
              .start();
    } catch (IOException notThere) {
      Assumptions.abort("openssl is not installed: " + notThere.getMessage());
      return;
    }
    openssl.getInputStream().readAllBytes();
    assertThat(openssl.waitFor()).isZero();
    Instant made = Instant.now();
    assertThat(judged(ca, made.minusSeconds(86_400))).isEqualTo(Finding.State.bad);
    assertThat(judged(ca, made.plusSeconds(60))).isEqualTo(Finding.State.good);
    assertThat(judged(ca, made.plusSeconds(90 * 86_400))).isEqualTo(Finding.State.warning);
    assertThat(judged(ca, made.plusSeconds(101 * 86_400))).isEqualTo(Finding.State.bad);
  }

  private Finding.State judged(Path ca, Instant now) throws IOException {
    return new Doctor(
            site(URI.create("mqtt://127.0.0.1:1"), ca),
            data,
            new Machine(root),
            now,
            null,
            Map.of())
        .examine().stream()
            .filter(one -> one.check().equals("authority of city"))
            .findFirst()
            .orElseThrow()
            .state();
  }
}
