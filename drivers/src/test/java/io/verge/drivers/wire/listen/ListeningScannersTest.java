package io.verge.drivers.wire.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.BusException;
import io.verge.driver.BusScanner;
import io.verge.driver.DriverFactory;
import io.verge.drivers.HeardReport;
import io.verge.drivers.Listened;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** Each talking sensor is known by its own scanner and by no other. */
class ListeningScannersTest {
  /** One frame of each: the layouts of the hardware notes. */
  private static final Map<String, String> FRAMES =
      Map.of(
          "a02", "FF07A1A7",
          "maxbotix", "52313233340D",
          "tfmini", "5959CD00E803000973",
          "pms", "424D001C00050008000A00050008000A03E8012C0064000A00020001970002F9",
          "sds011", "AAC0D4043A0AA1601DAB");

  @Test
  void everyTalkingSensorIsKnownByItsOwnScannerOnly() throws BusException {
    Map<String, BusScanner> scanners = scanners();
    assertThat(scanners.keySet()).containsExactlyInAnyOrderElementsOf(FRAMES.keySet());
    for (Map.Entry<String, String> frame : FRAMES.entrySet()) {
      String talking = frame.getKey();
      String wire = frame.getValue().repeat(6);
      for (BusScanner scanner : scanners.values()) {
        HeardReport report = new HeardReport();
        Listened bus = Listened.hex(wire);
        scanner.scan(bus, report);
        assertThat(bus.sent()).isEmpty();
        assertThat(report.devices())
            .as("%s heard by %s", talking, scanner.protocol())
            .hasSize(scanner.protocol().equals(talking) ? 1 : 0);
      }
    }
  }

  @Test
  void noiseIsNoSensor() throws BusException {
    for (long seed = 0; seed < 200; seed++) {
      byte[] noise = new byte[2000];
      new Random(seed).nextBytes(noise);
      for (BusScanner scanner : scanners().values()) {
        HeardReport report = new HeardReport();
        scanner.scan(new Listened(noise), report);
        assertThat(report.devices()).as("seed %d, %s", seed, scanner.protocol()).isEmpty();
      }
    }
  }

  private static Map<String, BusScanner> scanners() {
    Map<String, BusScanner> scanners = new LinkedHashMap<>();
    for (DriverFactory factory : ServiceLoader.load(DriverFactory.class)) {
      BusScanner scanner = factory.scanner();
      if (scanner != null && scanner.listens()) {
        scanners.put(scanner.protocol(), scanner);
      }
    }
    return scanners;
  }
}
