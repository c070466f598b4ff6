package io.verge.simulator.bench;

import io.verge.bytes.Hex;
import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.driver.Answer;
import io.verge.driver.BusSession;
import io.verge.driver.FrameDecoder;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.model.Quality;
import io.verge.runtime.Found;
import io.verge.simulator.device.LampController;
import io.verge.simulator.device.ModbusWire;
import io.verge.simulator.world.SteppedBus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** How fast MODBUS answers become readings, without a wire. */
final class DecodeBench {
  private static final int FRAMES = 200_000;
  private static final int EXPLAINED = 50_000;

  private final Figures figures;

  DecodeBench(Figures figures) {
    this.figures = figures;
  }

  void run() throws Exception {
    figures.say("answers of nine registers: framed, checked, turned into seven readings");
    Replay replay = new Replay();
    SerialDriver driver = driver();
    Readout readout = driver.poll(replay);
    if (readout.quality() != Quality.GOOD) {
      throw new IllegalStateException("the recorded answer is refused: " + readout);
    }
    put("decode_rate", FRAMES, () -> driver.poll(replay));
    FrameDecoder modbus =
        Found.decoders().stream()
            .filter(decoder -> decoder.protocol().equals("modbus"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no decoder of modbus installed"));
    byte[] frame = replay.answer;
    figures.say("the same frame explained to a person: " + Hex.plain(frame));
    put("explain_rate", EXPLAINED, () -> modbus.decode(frame).orThrow());
  }

  private void put(String figure, int frames, Timed.Work work) throws Exception {
    Timed.Took took =
        Timed.median(
            () -> {
              for (int i = 0; i < frames; i++) {
                work.run();
              }
            });
    figures.put(figure, frames / took.cpuSeconds(), "frames/s", Figures.VERGE, frames, Timed.RUNS);
  }

  private static SerialDriver driver() throws Exception {
    Path file = Files.createTempFile("verge-bench", ".toml");
    try {
      Files.writeString(
          file,
          """
          [site]
          gateway = "gw-bus"
          [[bus]]
          name = "line"
          port = "tcp:127.0.0.1:9"
          [[bus.device]]
          asset = "lamp-1"
          driver = "modbus"
          profile = "lamp-controller"
          address = 1
          """);
      ConfigReader.Result read = Found.configReader(List.of(), Set.of()).read(file);
      SiteConfig config = read.config();
      if (config == null) {
        throw new IllegalStateException("the line's configuration: " + read.problems());
      }
      return (SerialDriver) config.buses().get(0).devices().get(0).create(null);
    } finally {
      Files.delete(file);
    }
  }

  /** A bus whose answers are there at once; framed by the driver's framer as on any other. */
  private static final class Replay implements BusSession {
    private final ModbusWire wire = new ModbusWire();
    private byte[] request = {};
    private byte[] answer = {};

    Replay() {
      wire.put(1, new LampController(SteppedBus.lit()));
    }

    @Override
    public Answer transact(byte[] asked, Framer framer) {
      if (!Arrays.equals(asked, request)) {
        request = asked;
        answer = wire.received(asked, 0);
      }
      Framing framing = framer.examine(answer, answer.length);
      return framing.state() == Framing.State.COMPLETE
          ? new Answer.Frame(Arrays.copyOf(answer, framing.length()))
          : new Answer.Garbled(answer);
    }

    @Override
    public Answer listen(Framer framer, int waitMs) {
      return new Answer.Silence();
    }

    @Override
    public void send(byte[] frame) {
      throw new IllegalStateException("nothing is broadcast here");
    }
  }
}
