package io.verge.poll;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.driver.BusException;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.health.Counters;
import io.verge.model.Sample;
import io.verge.poll.LateLine.Part;
import io.verge.runtime.Found;
import io.verge.simulator.device.AtxWire;
import io.verge.simulator.device.Cjt188Wire;
import io.verge.simulator.device.DaliGears;
import io.verge.simulator.device.LubaWire;
import io.verge.simulator.device.ModemWire;
import io.verge.simulator.device.SciWire;
import io.verge.simulator.device.Wire;
import io.verge.transport.PortUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that come late by every delay, in their order, as an adapter gives what it kept: no value
 * of another device, question or poll is ever believed.
 */
class LateAnswerTest {
  private static final long MS = 1_000_000;
  private static final int TIMEOUT_MS = 100;
  private static final int GEARS = 3;
  private static final int LATE_MOST_MS = 2_500;
  private static final int STEP_MS = 17;
  private static final int PARTS = 4;

  /** DaliPoints: per cent, arc level, status. */
  private static final int ARC = 1;

  private static final int STATUS = 2;
  private static final int LIT = 4;

  /** In the poll with banks: after the two failure flags. */
  private static final int ENERGY = 5;

  private static final int POWER = 6;

  private static final Map<String, Function<DaliGears, Wire>> MASTERS =
      Map.of("sci", SciWire::new, "luba", LubaWire::new, "atx", AtxWire::new);

  @TempDir private Path folder = Path.of("unset");

  private int poll;

  @ParameterizedTest
  @ValueSource(strings = {"sci", "luba", "atx"})
  void aDaliAnswerLateByEveryDelay(String master) throws Exception {
    List<SiteConfig> gears = new ArrayList<>();
    for (int gear = 0; gear < GEARS; gear++) {
      gears.add(config(dali(master, gear, "")));
    }
    int good = 0;
    for (int late = 0; late <= LATE_MOST_MS; late += STEP_MS) {
      for (int answer = 2; answer <= 5; answer++) {
        for (int cut = 0; cut < PARTS; cut++) {
          good += lateOnce(master, gears, answer, cut, late);
        }
      }
    }
    assertThat(good).isGreaterThan(2 * LATE_MOST_MS / STEP_MS * 4 * PARTS);
  }

  /** One answer is late, from a word of it on; how many polls were good. */
  private int lateOnce(String master, List<SiteConfig> gears, int answer, int cut, int lateMs)
      throws BusException {
    LateLine line =
        new LateLine(
            wire(master),
            (number, length) ->
                number == answer ? new Part(length * cut / PARTS, lateMs * MS) : Part.NONE);
    BytePort port = port(line);
    List<SerialDriver> drivers = gears.stream().map(LateAnswerTest::driver).toList();
    int good = 0;
    for (int i = 0; i < 8; i++) {
      String what =
          master + ": answer " + answer + " late by " + lateMs + " ms from " + cut + "/4, " + i;
      good += isTrue(port.poll(drivers.get(i % GEARS)), i % GEARS, what) ? 1 : 0;
      poll++;
    }
    return good;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sci", "luba", "atx"})
  void aDaliBusWhoseAnswersAreLateAgainAndAgain(String master) throws Exception {
    List<SerialDriver> drivers = new ArrayList<>();
    for (int gear = 0; gear < GEARS; gear++) {
      drivers.add(driver(config(dali(master, gear, "\nbanks = \"202\""))));
    }
    Random random = new Random(5);
    LateLine line =
        new LateLine(
            wire(master),
            (number, length) ->
                random.nextInt(50) == 0
                    ? new Part(random.nextInt(length), random.nextInt(LATE_MOST_MS) * MS)
                    : Part.NONE);
    BytePort port = port(line);
    int good = 0;
    int banks = 0;
    for (int i = 0; i < 10_000; i++) {
      int gear = random.nextInt(GEARS);
      Readout readout = port.poll(drivers.get(gear));
      good += isTrue(readout, gear, master + " poll " + i) ? 1 : 0;
      banks += readout.values()[ENERGY] != Sample.NONE ? 1 : 0;
      poll++;
    }
    assertThat(good).isGreaterThan(2_000);
    assertThat(banks).isGreaterThan(2_000);
  }

  private Wire wire(String master) {
    DaliGears gears = new DaliGears();
    for (int gear = 0; gear < GEARS; gear++) {
      DaliGears.Gear one = new DaliGears.Gear();
      int number = gear;
      one.follow(() -> level(number));
      gears.put(gear, one);
      one.bank(202, () -> bank(number));
    }
    return requireNonNull(MASTERS.get(master)).apply(gears);
  }

  /** One that no other gear has in this poll, nor this one in the polls before. */
  private int level(int gear) {
    return 10 + (poll * GEARS + gear) % 240;
  }

  /** Energy is 256 times the level, power the level. */
  private byte[] bank(int gear) {
    byte[] bank = new byte[16];
    bank[0] = 15;
    bank[9] = (byte) level(gear);
    bank[15] = (byte) level(gear);
    return bank;
  }

  /** Whether all was read; what was read must be true. */
  private boolean isTrue(Readout readout, int gear, String what) {
    long[] values = readout.values();
    boolean whole = true;
    long[] truth = {Sample.NONE, level(gear), LIT, 0, 0, 2560L * level(gear), 10L * level(gear)};
    for (int point = ARC; point < values.length; point++) {
      if (values[point] == Sample.NONE) {
        whole = false;
      } else {
        assertThat(values[point]).as("%s, point %d", what, point).isEqualTo(truth[point]);
      }
    }
    return whole;
  }

  @Test
  void aModemLateByEveryDelay() throws Exception {
    long[] truth = {-79, -90, -105, 5, 7, 26_803, 268_031_234_567_890L, 861_234_567_890_123L};
    SiteConfig config = config("driver = \"at\"");
    for (int late = 0; late <= LATE_MOST_MS; late += STEP_MS) {
      for (int answer = 0; answer <= 8; answer++) {
        int number = answer;
        long nanos = late * MS;
        LateLine line =
            new LateLine(
                new ModemWire(), (n, length) -> n == number ? new Part(0, nanos) : Part.NONE);
        BytePort port = port(line);
        SerialDriver driver = driver(config);
        for (int i = 0; i < 3; i++) {
          long[] values = port.poll(driver).values();
          for (int point = 0; point < truth.length; point++) {
            assertThat(values[point])
                .as("answer %d late by %d ms, point %d", answer, late, point)
                .isIn(Sample.NONE, truth[point]);
          }
        }
      }
    }
  }

  @Test
  void aWaterMeterLateByEveryDelay() throws Exception {
    SiteConfig config = config("driver = \"cjt188\"\naddress = \"33000000000001\"");
    int good = 0;
    for (int late = 0; late <= LATE_MOST_MS; late += STEP_MS) {
      Cjt188Wire wire = new Cjt188Wire();
      wire.put(new Cjt188Wire.Meter(33_000_000_000_001L, true, () -> poll));
      long nanos = late * MS;
      LateLine line =
          new LateLine(wire, (n, length) -> n == 1 ? new Part(length / 2, nanos) : Part.NONE);
      BytePort port = port(line);
      SerialDriver driver = driver(config);
      for (int i = 0; i < 5; i++) {
        long[] values = port.poll(driver).values();
        assertThat(values[0]).as("late by %d ms", late).isIn(Sample.NONE, poll * 1000L);
        assertThat(values[4]).as("late by %d ms", late).isIn(Sample.NONE, 0xFFL);
        good += values[0] == Sample.NONE ? 0 : 1;
        poll++;
      }
    }
    assertThat(good).isGreaterThan(LATE_MOST_MS / STEP_MS);
  }

  private static BytePort port(LateLine line) throws BusException {
    BytePort port =
        new BytePort(
            new BusSettings("late", TIMEOUT_MS, 1, 50, false),
            new PortUri("one", "wire", Map.of()),
            line,
            line,
            new Counters(),
            (bus, nanos, sent, bytes) -> {});
    port.open();
    return port;
  }

  private static String dali(String master, int gear, String more) {
    return "driver = \"dali\"\ncurve = \"log\"\nmaster = \""
        + master
        + "\"\naddress = "
        + gear
        + more;
  }

  private static SerialDriver driver(SiteConfig config) {
    return (SerialDriver) config.buses().get(0).devices().get(0).create(null);
  }

  private SiteConfig config(String device) throws IOException {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(
        file,
        "[site]\ngateway = \"g\"\n[[bus]]\nname = \"b\"\nport = \"tcp:127.0.0.1:1\"\n"
            + "[[bus.device]]\nasset = \"a\"\n"
            + device
            + "\n");
    ConfigReader.Result read = Found.configReader(List.of(), Set.of()).read(file);
    assertThat(read.config()).as("%s", read.problems()).isNotNull();
    return requireNonNull(read.config());
  }
}
