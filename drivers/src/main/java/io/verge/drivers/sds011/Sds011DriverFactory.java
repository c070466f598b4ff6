package io.verge.drivers.sds011;

import io.verge.driver.BusScanner;
import io.verge.drivers.wire.air.AirFactory;
import io.verge.drivers.wire.air.AirSensor;
import io.verge.drivers.wire.listen.ListeningScanner;
import io.verge.drivers.wire.listen.ListeningScanner.Form;
import java.math.BigDecimal;
import java.util.List;

/** Family {@code sds011}; its keys are those of every air sensor. */
public final class Sds011DriverFactory implements AirFactory {
  @Override
  public String family() {
    return "sds011";
  }

  @Override
  public AirSensor sensor() {
    return new AirSensor(
        Sds011Readings.POINTS,
        Sds011Codec.FRAMER,
        Sds011Readings.FRAME_WAIT_MS,
        Sds011Codec.work(true),
        Sds011Codec.work(false),
        Sds011Readings::of);
  }

  @Override
  public BusScanner scanner() {
    return new ListeningScanner(
        "sds011",
        List.of("baud=9600&format=8N1"),
        1500,
        List.of(
            new Form(
                "Nova SDS011",
                Sds011Codec.FRAMER,
                frame -> "pm25 " + BigDecimal.valueOf(Sds011Codec.pm25(frame), 1) + " ug/m3",
                "asset = \"air-1\"\ndriver = \"sds011\"\nevery = \"1m\"")));
  }
}
