package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.autonomy.Place;
import io.verge.config.SiteConfig;
import io.verge.transport.PortUri;
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
import java.util.Set;
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
            new PortUri("serial", device.toString(), java.util.Map.of()),
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
        Set.of());
  }

  private Finding of(String check) throws IOException {
    return of(check, URI.create("mqtt://127.0.0.1:1"), null);
  }

  private Finding of(String check, URI uri, @Nullable Path ca) throws IOException {
    return new Doctor(site(uri, ca), data, new Machine(root), NOW, null)
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
            site(URI.create("mqtt://127.0.0.1:1"), ca), data, new Machine(root), now, null)
        .examine().stream()
            .filter(one -> one.check().equals("authority of city"))
            .findFirst()
            .orElseThrow()
            .state();
  }
}
