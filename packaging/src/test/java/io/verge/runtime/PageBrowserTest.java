package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import io.verge.simulator.street.Recordings;
import io.verge.simulator.street.SimulatedClock;
import io.verge.simulator.street.Street;
import io.verge.simulator.world.World;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a browser of a phone's size, for the simulated street after some simulated hours; a
 * day for the manual.
 */
@Timeout(180)
class PageBrowserTest {
  /** Where the pictures go; those of the manual are made by packaging/page-shot. */
  private static final Path SHOTS =
      Path.of(System.getenv().getOrDefault("VERGE_SHOTS", "target/page"));

  /** Of a picture in the manual. */
  private static final int BYTES_MAX = 200_000;

  private static final long HOUR_MS = 3_600_000;

  /** Something that is wrong. */
  private static final String AWAY =
      """

      [[bus]]
      name = "feeder"
      port = "tcp:127.0.0.1:1"
      [[bus.device]]
      asset = "feeder-2"
      driver = "modbus"
      profile = "sdm120"
      address = 1
      """;

  @TempDir private Path folder = Path.of("unset");

  private Process page() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.verge.runtime.Main",
            "page",
            "--bind",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0).getHostString() + ":0",
            "--json",
            "--socket",
            folder.resolve("verge.sock").toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void aPhoneSeesTheStreetAndTestsALamp() throws Exception {
    assumeTrue(Browser.isThere(), "chromium is not installed: apt-get install chromium");
    Files.createDirectories(SHOTS);
    int hours = System.getenv("VERGE_SHOTS") == null ? 1 : 24;
    long beginMs = System.currentTimeMillis() - hours * HOUR_MS;
    World.run(
        1,
        hours,
        folder,
        new World.Circumstances(beginMs, 0, false, 1, "", (ms, levels, gw) -> {}));
    SimulatedClock clock = new SimulatedClock(System::nanoTime, System.currentTimeMillis(), 1);
    try (Street street = new Street(1, clock, Recordings.none())) {
      street.open(folder);
      Path config = folder.resolve("gateway.toml");
      Files.writeString(config, street.configuration(folder, Street.PLAN + AWAY, 60));
      try (RunningGateway gateway = new RunningGateway(config, folder.resolve("data"));
          Browser browser = new Browser(folder.resolve("profile"))) {
        Process page = page();
        try {
          BufferedReader said =
              new BufferedReader(
                  new InputStreamReader(page.getInputStream(), StandardCharsets.UTF_8));
          var told = JsonParser.parseString(said.readLine()).getAsJsonObject();
          look(browser, street, told.get("url").getAsString(), told.get("code").getAsString());
        } finally {
          page.destroyForcibly().waitFor();
        }
      }
    }
  }

  private static void look(Browser browser, Street street, String url, String code)
      throws Exception {
    browser.phone(844, false);
    browser.go(url);
    browser.until("!document.getElementById('gate').hidden");
    browser.go("about:blank");
    browser.go(url + "#code=" + code);
    browser.until("document.querySelectorAll('#lamps .lamp').length === 40");
    browser.until("document.querySelectorAll('#fills .bin').length > 0");
    browser.until(
        "look.points.filter(p => p.asset.startsWith('lamp') && p.point === 'level')"
            + ".every(p => p.value !== null)");
    browser.until("look.points.filter(p => p.point === 'fill').every(p => p.value !== null)");
    browser.until("document.querySelectorAll('#problems li').length === 1");
    save("page-light.png", browser.shot());
    browser.value("open('lamp-07')");
    browser.until("document.querySelectorAll('#asset-lamp-07 .tests button').length === 4");
    browser.value("document.querySelectorAll('#asset-lamp-07 .tests button')[2].click()");
    browser.until(
        "/done/.test(document.querySelector('#asset-lamp-07 .tests output').textContent)");
    assertThat(street.levels()[6]).isEqualTo(100);
    browser.until("document.querySelectorAll('#asset-lamp-07 .plot svg').length > 3");
    browser.until(
        "look.points.find(p => p.asset === 'lamp-07' && p.point === 'level').value === '100'");
    browser.phone(844, true);
    browser.value("void document.getElementById('asset-lamp-07').scrollIntoView()");
    browser.until("document.querySelectorAll('#asset-lamp-07 .plot svg .line').length > 3");
    save("page-dark.png", browser.shot());
    assertThat(browser.value("String(document.documentElement.scrollWidth)"))
        .as("nothing is wider than the phone")
        .isEqualTo("390");
    assertThat(browser.complaints).filteredOn(text -> !text.contains("401")).isEmpty();
    assertThat(browser.requests)
        .filteredOn(asked -> !asked.startsWith("data:") && !asked.startsWith("about:"))
        .isNotEmpty()
        .allMatch(asked -> asked.startsWith(url));
  }

  private static void save(String name, byte[] png) throws Exception {
    assertThat(png).hasSizeLessThan(BYTES_MAX);
    Files.write(SHOTS.resolve(name), png);
  }
}
