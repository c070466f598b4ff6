package io.verge.simulator.bench;

import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder;
import io.verge.runtime.Found;
import io.verge.simulator.world.SteppedBus;

/** How much of a serial line the polls use, and what dead devices cost the others. */
final class BusBench {
  private static final int DEVICES = 32;
  private static final int SECONDS = 3600;
  private static final int FRAMES = 100_000;

  /** MODBUS RTU, three registers from device 17 (hardware-notes/lamp-controller.md). */
  private static final String FRAME = "110306AE415652434049AD";

  private final Figures figures;

  BusBench(Figures figures) {
    this.figures = figures;
  }

  void run() throws Exception {
    figures.say("one line of " + DEVICES + " lamp controllers at 9600 baud, an hour, simulated");
    double all = SteppedBus.answersASecond(DEVICES, 0, SECONDS);
    share("modbus_efficiency", all * SteppedBus.pollSeconds());
    double others = SteppedBus.answersASecond(DEVICES - 1, 0, SECONDS);
    share("one_dead_of_32", SteppedBus.answersASecond(DEVICES - 1, 1, SECONDS) / others);
    double alone = SteppedBus.answersASecond(1, 0, SECONDS);
    share("31_dead_of_32", SteppedBus.answersASecond(1, DEVICES - 1, SECONDS) / alone);
    decode();
  }

  /** Simulated time repeats exactly: one run is all there is. */
  private void share(String figure, double value) {
    figures.put(figure, value, "share", Figures.VERGE, SECONDS, 1);
  }

  private void decode() throws Exception {
    FrameDecoder modbus =
        Found.decoders().stream()
            .filter(decoder -> decoder.protocol().equals("modbus"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no decoder of modbus installed"));
    byte[] frame = Hex.parse(FRAME).orThrow();
    modbus.decode(frame).orThrow();
    Timed.Took took =
        Timed.median(
            () -> {
              for (int i = 0; i < FRAMES; i++) {
                modbus.decode(frame).orThrow();
              }
            });
    figures.put(
        "decode_rate", FRAMES / took.cpuSeconds(), "frames/s", Figures.VERGE, FRAMES, Timed.RUNS);
  }
}
