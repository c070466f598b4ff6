package io.verge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.verge.config.ConfigReader;
import io.verge.config.DeviceConfig;
import io.verge.config.SiteConfig;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.model.Quality;
import io.verge.runtime.Found;
import io.verge.simulator.device.Cjt188Wire;
import io.verge.simulator.device.DistanceWire;
import io.verge.simulator.device.Dlt645Wire;
import io.verge.simulator.device.FaultyWire;
import io.verge.simulator.device.FaultyWire.Fault;
import io.verge.simulator.device.PmsWire;
import io.verge.simulator.device.Sds011Wire;
import io.verge.simulator.device.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers against simulated devices on bad wires: a good reading is always the true one. */
class FaultyFieldTest {
  private static final int POLLS = 4000;
  private static final double SHARE = 0.4;

  @TempDir private Path folder = Path.of("unset");

  private int truth;

  @Test
  void waterMetersOfBothOrders() throws Exception {
    for (boolean high : new boolean[] {true, false}) {
      Cjt188Wire other = new Cjt188Wire();
      other.put(new Cjt188Wire.Meter(33_000_000_000_002L, high, () -> 77));
      Cjt188Wire wire = new Cjt188Wire();
      wire.put(new Cjt188Wire.Meter(33_000_000_000_001L, high, () -> truth));
      run(
          "driver = \"cjt188\"\naddress = \"33000000000001\"",
          wire,
          other,
          EnumSet.allOf(Fault.class),
          readout -> assertThat(readout.values()[0]).isEqualTo(truth * 1000L));
    }
  }

  /** Nothing in DL/T 645 numbers an answer: for a late one the bus itself waits. */
  @Test
  void electricityMetersWithBlocks() throws Exception {
    run(
        "driver = \"dlt645\"\naddress = \"000000000161\"",
        electricity(161, true),
        electricity(162, false),
        EnumSet.complementOf(EnumSet.of(Fault.LATE)),
        readout -> {
          assertThat(readout.values()[0]).isEqualTo(truth);
          assertThat(readout.values()[2]).isEqualTo(2200 + truth % 100);
          assertThat(readout.values()[4]).isEqualTo(2201 + truth % 100);
          assertThat(readout.values()[8]).isEqualTo(-truth);
        });
  }

  private Dlt645Wire electricity(long number, boolean real) {
    Dlt645Wire wire = new Dlt645Wire(number);
    int wrong = real ? 0 : 1;
    wire.put(0x00010000, new Dlt645Wire.Value(() -> truth + wrong, 4));
    wire.put(0x00020000, new Dlt645Wire.Value(() -> 5, 4));
    Dlt645Wire.Value volts = new Dlt645Wire.Value(() -> 2200 + truth % 100, 2);
    wire.put(0x0201FF00, volts, volts, new Dlt645Wire.Value(() -> 2201 + truth % 100, 2));
    Dlt645Wire.Value amperes = new Dlt645Wire.Value(() -> 1234, 3);
    wire.put(0x0202FF00, amperes, amperes, amperes);
    wire.put(0x02030000, new Dlt645Wire.Value(() -> -truth, 3));
    wire.put(0x02060000, new Dlt645Wire.Value(() -> 990, 2));
    wire.put(0x02800002, new Dlt645Wire.Value(() -> 5000, 2));
    return wire;
  }

  /** Without a checksum a flipped digit shows only as an outlier: medians, no proof. */
  @Test
  void maxbotixButForFlippedDigits() throws Exception {
    Set<Fault> faults = EnumSet.of(Fault.SILENCE, Fault.TRUNCATED, Fault.STRAY, Fault.TWICE);
    run(
        "driver = \"maxbotix\"\nempty_mm = 4900\nfull_mm = 400",
        DistanceWire.maxbotix(() -> 400 + truth % 4000),
        new DistanceWire[0],
        faults,
        readout -> assertThat(readout.values()[1]).isEqualTo(400 + truth % 4000));
  }

  @Test
  void tfmini() throws Exception {
    run(
        "driver = \"tfmini\"\nempty_mm = 5000\nfull_mm = 400",
        DistanceWire.tfmini(() -> 400 + truth % 400 * 10),
        new DistanceWire[0],
        streaming(),
        readout -> assertThat(readout.values()[1]).isEqualTo(400 + truth % 400 * 10));
  }

  @Test
  void airSensors() throws Exception {
    run(
        "driver = \"pms\"",
        new PmsWire(() -> 5, () -> truth % 500, () -> truth % 700),
        new DistanceWire[0],
        streaming(),
        readout -> assertThat(readout.values()).containsExactly(truth % 500, truth % 700));
    run(
        "driver = \"sds011\"",
        new Sds011Wire(7, () -> truth % 900, () -> truth % 990),
        new DistanceWire[0],
        streaming(),
        readout ->
            assertThat(readout.values()).containsExactly(truth % 900 * 10, truth % 990 * 10));
  }

  private static Set<Fault> streaming() {
    return EnumSet.of(Fault.SILENCE, Fault.BIT, Fault.TRUNCATED, Fault.STRAY, Fault.TWICE);
  }

  private interface Check {
    void of(Readout readout);
  }

  private void run(String device, Wire wire, Wire[] none, Set<Fault> faults, Check check)
      throws Exception {
    assertThat(none).isEmpty();
    run(device, wire, wire, faults, check);
  }

  private void run(String device, Wire wire, Wire other, Set<Fault> faults, Check check)
      throws IOException, BusException {
    FaultyWire faulty = new FaultyWire(wire, other, new Random(7), SHARE, faults);
    WireSession bus = new WireSession(faulty);
    SerialDriver driver = driver(device);
    Random random = new Random(3);
    int good = 0;
    for (int i = 0; i < POLLS; i++) {
      truth = 1 + random.nextInt(90_000);
      bus.forget();
      Readout readout = driver.poll(bus);
      if (readout.quality() == Quality.GOOD) {
        good++;
        check.of(readout);
      }
    }
    assertThat(good).as("%s: good of %d", device, POLLS).isGreaterThan(POLLS / 100);
    assertThat(faulty.counts()).hasSize(faults.size());
  }

  private SerialDriver driver(String device) throws IOException {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(
        file,
        "[site]\ngateway = \"g\"\n[[bus]]\nname = \"b\"\nport = \"tcp:127.0.0.1:1\"\n"
            + "[[bus.device]]\nasset = \"a\"\n"
            + device
            + "\n");
    ConfigReader.Result result = Found.configReader(List.of(), Set.of()).read(file);
    SiteConfig config = result.config();
    assertThat(config).as("%s", result.problems()).isNotNull();
    DeviceConfig one = requireNonNull(config).buses().get(0).devices().get(0);
    return (SerialDriver) one.create(null);
  }

  /**
   * What a bus makes of a wire: input is forgotten before a request and a poll, each request has
   * one retry, and silence ends an answer.
   */
  private static final class WireSession implements BusSession {
    private static final long STEP_NANOS = 10_000_000;
    private final Wire wire;
    private byte[] rest = new byte[0];
    private long nanos = STEP_NANOS;

    WireSession(Wire wire) {
      this.wire = wire;
    }

    void forget() {
      rest = new byte[0];
    }

    @Override
    public Answer transact(byte[] request, Framer framer) {
      Answer answer = new Answer.Silence();
      for (int attempt = 0; attempt < 2 && !(answer instanceof Answer.Frame); attempt++) {
        forget();
        nanos += 1_000_000_000;
        rest = wire.received(request, nanos);
        answer = find(framer, nanos);
      }
      return answer;
    }

    @Override
    public Answer listen(Framer framer, int waitMs) {
      return find(framer, nanos + waitMs * 1_000_000L);
    }

    private Answer find(Framer framer, long until) {
      byte[] heard = new byte[0];
      while (true) {
        while (rest.length > 0) {
          Framing framing = framer.examine(rest, rest.length);
          if (framing.state() == Framing.State.NEED_MORE) {
            break;
          }
          heard = Arrays.copyOf(rest, framing.length());
          rest = Arrays.copyOfRange(rest, framing.length(), rest.length);
          if (framing.state() == Framing.State.COMPLETE) {
            return new Answer.Frame(heard);
          }
        }
        if (nanos >= until) {
          byte[] all = rest.length > 0 ? rest : heard;
          forget();
          return all.length == 0 ? new Answer.Silence() : new Answer.Garbled(all);
        }
        nanos += STEP_NANOS;
        byte[] more = wire.spontaneous(nanos);
        int before = rest.length;
        rest = Arrays.copyOf(rest, before + more.length);
        System.arraycopy(more, 0, rest, before, more.length);
      }
    }

    @Override
    public void send(byte[] frame) {
      wire.received(frame, nanos);
    }
  }
}
