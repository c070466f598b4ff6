package io.verge.simulator.field;

import io.verge.simulator.gpio.LineBoard;
import io.verge.simulator.gpio.SimulatedEcho;
import io.verge.simulator.gpio.SimulatedPulseMeter;
import io.verge.simulator.gpio.SimulatedRelay;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * The GPIO board of the street: a lamp on a relay, a lamp on 0 to 10 V, a water meter's reed, and
 * an ultrasonic module above a container.
 */
public final class FieldBoard {
  private static final long MS = 1_000_000L;
  private static final int LITRES = 10;
  private static final int COIL = 17;
  private static final int FEEDBACK = 27;
  private static final int REED = 22;
  private static final int TRIGGER = 23;
  private static final int ECHO = 24;
  private static final String BIN = "bin-hcsr04";
  private static final int EMPTY_MM = 3900;
  private static final int FULL_MM = 400;
  private static final int STILL_SECONDS = 60;

  /** One turn in 0.9 s and 10 l give 40 m3/h; a turn may come a quarter of that earlier. */
  private static final long FLOW_MOST = 100_000;

  private FieldBoard() {}

  static void configure(FieldBus bus, Truth truth) {
    bus.device(
        "relay-1",
        "5s",
        "driver = \"relay\"\nline = 17\nactive = \"low\"\nfeedback = 27\nsettle = \"80ms\"");
    truth.always("relay-1", "level", 100);
    truth.always("relay-1", "feedback", 1);
    truth.always("relay-1", "faults", 0);
    bus.device("reed-1", "5s", "driver = \"pulse\"\nline = 22\nlitres_per_pulse = " + LITRES);
    bus.device(
        BIN,
        "5s",
        "driver = \"hcsr04\"\ntrigger = 23\necho = 24\nempty_mm = "
            + EMPTY_MM
            + "\nfull_mm = "
            + FULL_MM);
    LongUnaryOperator distance = distance(truth);
    truth.put(BIN, "distance", distance);
    truth.put(
        BIN,
        "fill",
        nanos ->
            Math.round((EMPTY_MM - distance.applyAsLong(nanos)) * 100.0 / (EMPTY_MM - FULL_MM)));
    truth.between(BIN, "spread", nanos -> 0, nanos -> 200);
    truth.between(BIN, "echoes", nanos -> 1, nanos -> 15);
    bus.device(
        "dimmer-1",
        "5s",
        "driver = \"dimmer\"\nchannel = 1\n"
            + "curve = [{level = 10, duty = 20}, {level = 100, duty = 92.5}]");
    truth.always("dimmer-1", "level", 100);
    truth.always("dimmer-1", "duty", 925);
  }

  private static LongUnaryOperator distance(Truth truth) {
    return truth.leaping(BIN, STILL_SECONDS, FULL_MM, EMPTY_MM - FULL_MM);
  }

  /**
   * The board itself, with a relay that bounces and a reed that turns and bounces.
   *
   * @param ticker simulated or real monotonic nanoseconds.
   * @param turns told the board's nanoseconds of every turn of the meter.
   */
  public static LineBoard open(LongSupplier ticker, long seed, LongConsumer turns) {
    LineBoard board = new LineBoard(ticker, 28, 2);
    new SimulatedRelay(
        board, new SimulatedRelay.Wiring(COIL, true, FEEDBACK, 10 * MS, 5 * MS), seed);
    SimulatedPulseMeter meter = new SimulatedPulseMeter(board, REED, 200 * MS, 8 * MS, seed + 1);
    meter.listen(turns);
    meter.turn(900 * MS);
    LongUnaryOperator distance = distance(new Truth(seed));
    new SimulatedEcho(board, TRIGGER, ECHO, () -> (int) distance.applyAsLong(board.nanos()));
    return board;
  }

  /** What is true of the water meter, from the turns told. */
  public static LongConsumer turns(Truth truth) {
    TreeMap<Long, Long> turned = new TreeMap<>();
    LongSupplier count = turned::size;
    truth.between(
        "reed-1",
        "volume",
        nanos -> LITRES * before(turned, nanos),
        nanos -> LITRES * before(turned, nanos));
    truth.between("reed-1", "flow", nanos -> 0, nanos -> FLOW_MOST);
    truth.always("reed-1", "status", 0);
    return nanos -> {
      synchronized (turned) {
        turned.put(nanos, count.getAsLong() + 1);
      }
    };
  }

  private static long before(TreeMap<Long, Long> turned, long nanos) {
    synchronized (turned) {
      Map.Entry<Long, Long> entry = turned.floorEntry(nanos);
      return entry == null ? 0 : entry.getValue();
    }
  }
}
