package io.verge.drivers.pms;

import io.verge.driver.BusScanner;
import io.verge.drivers.wire.air.AirFactory;
import io.verge.drivers.wire.air.AirSensor;
import io.verge.drivers.wire.listen.ListeningScanner;
import io.verge.drivers.wire.listen.ListeningScanner.Form;
import java.util.List;

/** Family {@code pms}; its keys are those of every air sensor. */
public final class PmsDriverFactory implements AirFactory {
  @Override
  public String family() {
    return "pms";
  }

  @Override
  public AirSensor sensor() {
    return new AirSensor(
        PmsReadings.POINTS,
        PmsCodec.FRAMER,
        PmsReadings.FRAME_WAIT_MS,
        PmsCodec.command(PmsCodec.SLEEP, 1),
        PmsCodec.command(PmsCodec.SLEEP, 0),
        PmsReadings::of);
  }

  @Override
  public BusScanner scanner() {
    return new ListeningScanner(
        "pms",
        List.of("baud=9600&format=8N1"),
        2500,
        List.of(
            new Form(
                "Plantower PMS",
                PmsCodec.FRAMER,
                frame -> "pm25 " + PmsCodec.atmospheric(frame, 1) + " ug/m3",
                "asset = \"air-1\"\ndriver = \"pms\"\nevery = \"1m\"")));
  }
}
