package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.cli.ExitCode;
import io.verge.runtime.RunningGateway.Ran;
import io.verge.simulator.street.Recordings;
import io.verge.simulator.street.SimulatedClock;
import io.verge.simulator.street.Street;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The acceptance test of the simulated street, over its pseudo-terminals. */
@Timeout(180)
class CommissionTest {
  private static final String NOBODY_THERE =
      """

      [[bus]]
      name = "spare"
      port = "tcp:127.0.0.1:1"
      [[bus.device]]
      asset = "lamp-99"
      driver = "modbus"
      profile = "lamp-controller"
      address = 1
      """;

  @TempDir private Path folder = Path.of("unset");

  private Ran verge(String answers, String... words) {
    return RunningGateway.verge(
        folder.resolve("verge.sock"),
        new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8)),
        words);
  }

  private JsonObject state(Path report) throws Exception {
    return JsonParser.parseString(
            Files.readString(report.resolveSibling(report.getFileName() + ".json")))
        .getAsJsonObject()
        .getAsJsonObject("results");
  }

  private static String mark(JsonObject results, String asset, int step) {
    return results
        .getAsJsonObject(asset)
        .getAsJsonArray("steps")
        .get(step)
        .getAsJsonObject()
        .get("mark")
        .getAsString();
  }

  @Test
  void aStreetIsAcceptedAndTheReportNeedsNothingElse() throws Exception {
    SimulatedClock clock = new SimulatedClock(System::nanoTime, System.currentTimeMillis(), 1);
    try (Street street = new Street(1, clock, Recordings.none())) {
      street.open(folder);
      Path config = folder.resolve("gateway.toml");
      Files.writeString(config, street.configuration(folder, Street.PLAN + NOBODY_THERE, 1));
      try (RunningGateway gateway = new RunningGateway(config, folder.resolve("data"))) {
        unattended(folder.resolve("all.html"));
        attended(folder.resolve("some.html"));
      }
      assertThat(street.levels()[0]).as("lamp-01 is as the plan has it").isIn(0, 60, 100);
    }
  }

  private void unattended(Path report) throws Exception {
    Ran lamps = verge("", "commission", "lamp-0?", "--yes", "--report", report.toString());
    assertThat(lamps.code()).as(lamps.out() + lamps.err()).isZero();
    assertThat(lamps.out()).contains("9 passed, 0 failed, 0 not tried");
    assertThat(mark(state(report), "lamp-01", 2)).as("power follows the level").isEqualTo("passed");
    String html = Files.readString(report);
    assertThat(html).contains("accepted").contains("<svg").contains("lamps-1").contains("SHA-256");
    assertThat(html).doesNotContain("<script").doesNotContain("src=\"http");
    Ran event = verge("", "events", "--last", "200", "--json");
    String sha256 =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256").digest(html.getBytes(StandardCharsets.UTF_8)));
    assertThat(event.out()).contains("commission.finished").contains(sha256);
  }

  /** A bin is moved by hand; a lamp that is not there fails; leaving and going on. */
  private void attended(Path report) throws Exception {
    String[] line = {"commission", "*9?", "--report", report.toString(), "--by", "anna"};
    Ran failed = verge("", line);
    assertThat(failed.code()).isEqualTo(ExitCode.WRONG);
    assertThat(failed.out()).contains("failed  sees");
    line[1] = "bin-01";
    Ran left = verge("y\nq\n", line);
    assertThat(left.code()).isEqualTo(ExitCode.WRONG);
    assertThat(left.out()).contains("The same command goes on here");
    assertThat(state(report).has("bin-01")).as("half an asset is none").isFalse();
    byte[] pixel =
        Base64.getDecoder()
            .decode(
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    Files.write(report.resolveSibling("bin.png"), pixel);
    Ran done = verge("y\ns\nn\n<b>lid</b> broken\nbin.png\n", line);
    assertThat(done.code()).as("its label is wrong").isEqualTo(ExitCode.WRONG);
    assertThat(mark(state(report), "bin-01", 3)).isEqualTo("failed");
    String html = Files.readString(report);
    assertThat(html).contains("data:image/png;base64,iVBOR").contains("&lt;b&gt;lid&lt;/b&gt;");
    assertThat(html).contains("not accepted");
    Ran again = verge("y\ns\ny\n\n\n", line);
    assertThat(mark(state(report), "bin-01", 3)).isEqualTo("passed");
    assertThat(again.code()).as("lamp-99 is still in this report").isEqualTo(ExitCode.WRONG);
  }
}
