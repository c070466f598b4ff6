package io.verge.simulator.field;

import io.verge.simulator.device.A02Wire;
import io.verge.simulator.device.DistanceWire;
import io.verge.simulator.device.ModemWire;
import io.verge.simulator.device.PmsWire;
import io.verge.simulator.device.Sds011Wire;
import io.verge.simulator.device.Wire;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongUnaryOperator;

/** Sensors that talk by themselves, each on a UART of its own, and the modem. */
final class SensorLines {
  private static final int EMPTY_MM = 4200;
  private static final int FULL_MM = 400;

  /** A median of echoes is of one moment only while the surface holds still. */
  private static final int STILL_SECONDS = 60;

  /** Echoes of one poll may be so far apart before the gateway doubts them itself. */
  private static final long SPREAD_MOST_MM = 200;

  private SensorLines() {}

  static void addTo(FieldStreet street) {
    container(street, "a02", 9600, "a02", A02Wire::new);
    container(street, "maxbotix", 9600, "maxbotix", DistanceWire::maxbotix);
    container(street, "tfmini", 115_200, "tfmini", DistanceWire::tfmini);
    air(street);
    modem(street);
  }

  private static void container(
      FieldStreet street, String name, int baud, String driver, Function<IntSupplier, Wire> wires) {
    Truth truth = street.truth();
    String asset = "bin-" + name;
    LongUnaryOperator centimetres =
        truth.leaping(asset, STILL_SECONDS, FULL_MM / 10, (EMPTY_MM - FULL_MM) / 10);
    truth.put(asset, "distance", nanos -> centimetres.applyAsLong(nanos) * 10);
    truth.put(
        asset,
        "fill",
        nanos ->
            Math.round(
                (EMPTY_MM - centimetres.applyAsLong(nanos) * 10) * 100.0 / (EMPTY_MM - FULL_MM)));
    truth.between(asset, "spread", nanos -> 0, nanos -> SPREAD_MOST_MM);
    truth.between(asset, "echoes", nanos -> 1, nanos -> 15);
    street
        .talker(
            asset,
            baud,
            !driver.equals("maxbotix"),
            moment -> wires.apply(() -> (int) centimetres.applyAsLong(moment.nanos()) * 10))
        .device(
            asset,
            "5s",
            "driver = \"" + driver + "\"\nempty_mm = " + EMPTY_MM + "\nfull_mm = " + FULL_MM);
  }

  private static void air(FieldStreet street) {
    Truth truth = street.truth();
    LongUnaryOperator fine = truth.leaping("air-1 pm25", STILL_SECONDS, 1, 900);
    LongUnaryOperator coarse = truth.leaping("air-1 pm10", STILL_SECONDS, 1, 900);
    truth.put("air-1", "pm25", fine);
    truth.put("air-1", "pm10", coarse);
    street
        .talker(
            "air-1",
            9600,
            true,
            moment ->
                new PmsWire(
                    () -> 5,
                    () -> fine.applyAsLong(moment.nanos()),
                    () -> coarse.applyAsLong(moment.nanos())))
        .device("air-1", "5s", "driver = \"pms\"");
    LongUnaryOperator finest = truth.leaping("air-2 pm25", STILL_SECONDS, 1, 9990);
    LongUnaryOperator coarsest = truth.leaping("air-2 pm10", STILL_SECONDS, 1, 9990);
    truth.put("air-2", "pm25", finest);
    truth.put("air-2", "pm10", coarsest);
    street
        .talker(
            "air-2",
            9600,
            true,
            moment ->
                new Sds011Wire(
                    7,
                    () -> finest.applyAsLong(moment.nanos()) / 10.0,
                    () -> coarsest.applyAsLong(moment.nanos()) / 10.0))
        .device("air-2", "5s", "driver = \"sds011\"");
  }

  /** What it always answers: {@link ModemWire}. */
  private static void modem(FieldStreet street) {
    Truth truth = street.truth();
    String[] points = {
      "rssi", "rsrp", "rsrq", "registration", "access", "operator", "imsi", "imei"
    };
    long[] values = {-79, -90, -105, 5, 7, 26_803, 268_031_234_567_890L, 861_234_567_890_123L};
    for (int i = 0; i < points.length; i++) {
      truth.always("modem-1", points[i], values[i]);
    }
    street
        .bus(
            "modem",
            115_200,
            "8N1",
            300,
            FieldStreet.UNCHECKED,
            said -> "modem",
            moment -> new ModemWire(),
            null)
        .device("modem-1", "10s", "driver = \"at\"");
  }
}
