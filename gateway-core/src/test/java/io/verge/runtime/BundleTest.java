package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.health.Counters;
import io.verge.local.EventView;
import io.verge.local.FakeDesk;
import io.verge.local.LocalServer;
import io.verge.local.PointView;
import io.verge.time.SystemTicker;
import io.verge.time.ThreadCrew;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Secrets planted wherever they could come from; none may be in what leaves the gateway. */
@Timeout(60)
class BundleTest {
  private static final String PASSWORD = "Tr0ub4dor+&3 horse";
  private static final String KEY_LINE =
      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVcB/UNPxalR9zDYAj";

  private static final String KEY =
      "-----BEGIN PRIVATE KEY-----\n" + KEY_LINE + "\n-----END PRIVATE KEY-----\n";

  @TempDir private Path folder = Path.of("unset");

  private Path config() throws IOException {
    Files.writeString(folder.resolve("city.password"), PASSWORD + "\n");
    Files.writeString(folder.resolve("city.key"), KEY);
    return Files.writeString(
        folder.resolve("gateway.toml"),
        """
        [site]
        gateway = "gw-7"
        # password = "in a comment"
        [[uplink]]
        name = "city"
        url = "mqtt://someone:typed-here@127.0.0.1:1"
        user = "gw-7"
        password_file = "city.password"
        key = "city.key"
        """);
  }

  @Test
  void textsAreCleanedOfEveryFormOfAPlantedSecret() throws IOException {
    Redaction redaction = Redaction.of(Files.readString(config()), folder);
    String base64 = Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8));
    String planted =
        String.join(
            "\n",
            "plain " + PASSWORD,
            "base64 " + base64,
            "percent Tr0ub4dor%2B%263+horse",
            "one line of the key " + KEY_LINE,
            "another key -----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
            "{\"password\": \"json-secret\", \"psk\":\"0011aabb\"}",
            "token=abc123 url mqtt://u:p4ss@host:1",
            "a key cut short -----BEGIN EC PRIVATE KEY-----\nBBBB");
    String clean = redaction.clean(planted);
    assertThat(clean)
        .doesNotContain(
            PASSWORD,
            base64.replace("=", ""),
            "Tr0ub4dor%2B",
            KEY_LINE,
            "AAAA",
            "BBBB",
            "json-secret",
            "0011aabb",
            "abc123",
            "p4ss")
        .contains("one line of the key", "@host:1");
    assertThat(redaction.notes()).isEmpty();
  }

  @Test
  void whatHoldsNoSecretIsKeptAsItIs() throws IOException {
    Redaction redaction = Redaction.of(Files.readString(config()), folder);
    String text = "{\"name\":\"lamp-17/power\",\"value\":41.5} mqtt://host:1883 keys 7\n";
    assertThat(redaction.clean(text)).isEqualTo(text);
  }

  @Test
  void aSecretFileThatCannotBeReadIsTold() {
    Redaction redaction = Redaction.of("psk_file = \"nowhere\"\n", folder);
    assertThat(redaction.notes()).singleElement().asString().contains("nowhere");
  }

  @Test
  void theArchiveListsItsContentFirstAndHoldsNoSecret() throws Exception {
    Path archive = folder.resolve("out.tar.gz");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
    int code =
        new CommandLine(new BundleCommand(print, print))
            .execute(
                "--config", config().toString(), "--out", archive.toString(), "--data", "/none");
    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(Files.getPosixFilePermissions(archive))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    Process tar =
        new ProcessBuilder("tar", "-xzvf", archive.toString(), "-C", folder.toString())
            .redirectErrorStream(true)
            .start();
    List<String> members =
        new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertThat(tar.waitFor()).isZero();
    assertThat(members).startsWith("CONTENTS.txt").contains("gateway.toml", "journal.txt");
    for (String member : members) {
      if (!member.equals("CONTENTS.txt")) {
        assertThat(Files.readString(folder.resolve("CONTENTS.txt"))).contains(member);
      }
      assertThat(Files.readString(folder.resolve(member)))
          .as(member)
          .doesNotContain(PASSWORD, KEY_LINE, "typed-here", "in a comment");
    }
  }

  /** What a running gateway says may hold a secret that somebody typed where none belongs. */
  @Test
  void whatARunningGatewaySaysIsCleanedToo() throws Exception {
    FakeDesk desk = new FakeDesk();
    desk.events.add(
        new EventView(9, null, 1L, "warning", "uplink.down", null, Map.of("why", PASSWORD)));
    desk.points.add(new PointView("lamp-19", "power", PASSWORD, "W", "good", null, 1L));
    Path socket = folder.resolve("v.sock");
    Files.writeString(folder.resolve("city.password"), PASSWORD + "\n");
    Path config =
        Files.writeString(
            folder.resolve("gateway.toml"),
            "[site]\ngateway = \"gw-7\"\n[local]\nsocket = \"v.sock\"\n[[uplink]]\n"
                + "name = \"city\"\nurl = \"mqtt://127.0.0.1:1\"\n"
                + "password_file = \"city.password\"\n");
    Files.setPosixFilePermissions(
        folder.resolve("city.password"), PosixFilePermissions.fromString("rw-------"));
    SystemTicker ticker = new SystemTicker();
    ThreadCrew crew = new ThreadCrew(ticker, (worker, failure) -> {});
    LocalServer server =
        LocalServer.open(new LocalServer.Settings(socket), desk, ticker, new Counters());
    crew.start(server);
    Path archive = folder.resolve("live.tar.gz");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
    try {
      int code =
          new CommandLine(new BundleCommand(print, print))
              .execute(
                  "--config", config.toString(), "--out", archive.toString(), "--data", "/none");
      assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    } finally {
      crew.stop(server);
    }
    Process tar = new ProcessBuilder("tar", "-xzOf", archive.toString()).start();
    String all = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tar.waitFor()).isZero();
    assertThat(all).doesNotContain(PASSWORD).contains("lamp-19").contains("uplink.down");
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains(
            "gateway/metrics.txt",
            "gateway/points.jsonl",
            "gateway/frames/rs485-1.jsonl",
            "gateway/configs.jsonl",
            "running.toml");
  }

  @Test
  void aFileThatIsThereIsNotOverwritten() throws IOException {
    Path archive = Files.writeString(folder.resolve("mine"), "mine");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
    int code =
        new CommandLine(new BundleCommand(print, print))
            .execute("--config", config().toString(), "--out", archive.toString());
    assertThat(code).isEqualTo(2);
    assertThat(Files.readString(archive)).isEqualTo("mine");
  }
}
