package io.verge.drivers.maxbotix;

import io.verge.driver.BusScanner;
import io.verge.driver.Driver;
import io.verge.driver.Settings;
import io.verge.drivers.wire.container.ContainerFactory;
import io.verge.drivers.wire.container.FillDriver;
import io.verge.drivers.wire.container.Mounting;
import io.verge.drivers.wire.listen.ListeningScanner;
import io.verge.drivers.wire.listen.ListeningScanner.Form;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code maxbotix}. Keys: {@code empty_mm}, {@code full_mm} (required); {@code unit} (mm),
 * {@code cm}; {@code least_mm} (301; cm: 201), {@code most_mm} (4999; cm: 7640): the ends of the
 * range stand for "no echo"; {@code echoes} (5), {@code air_c} with {@code assumed_c} (20).
 */
public final class MaxbotixDriverFactory implements ContainerFactory {
  /** HRXL-MaxSonar-WR: 300 stands for "300 or nearer", 5000 for "farther". */
  private static final long LEAST_MM = 301;

  private static final long MOST_MM = 4999;

  /** XL-MaxSonar-WR: 20 cm stands for "20 or nearer", 765 cm for "farther". */
  private static final long LEAST_OF_CM = 201;

  private static final long MOST_OF_CM = 7640;

  @Override
  public String family() {
    return "maxbotix";
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    boolean cm = device.word("unit", List.of("mm", "cm"), "mm").equals("cm");
    Mounting mounting =
        Mounting.of(device, cm ? LEAST_OF_CM : LEAST_MM, cm ? MOST_OF_CM : MOST_MM, true);
    int digits = cm ? MaxbotixCodec.CENTIMETRE_DIGITS : MaxbotixCodec.MILLIMETRE_DIGITS;
    return mounting == null
        ? null
        : new FillDriver(
            mounting, MaxbotixCodec.framer(digits), new byte[0], MaxbotixCodec::distanceMm, keep);
  }

  @Override
  public BusScanner scanner() {
    return new ListeningScanner(
        "maxbotix",
        List.of("baud=9600&format=8N1"),
        1000,
        List.of(
            new Form(
                "MaxBotix in mm",
                MaxbotixCodec.framer(MaxbotixCodec.MILLIMETRE_DIGITS),
                frame -> "distance " + MaxbotixCodec.distanceMm(frame) + " mm",
                "asset = \"bin-1\"\ndriver = \"maxbotix\"\nempty_mm = 0   # distance when empty\nfull_mm = 0   # distance when full\nevery = \"1m\""),
            new Form(
                "MaxBotix in cm",
                MaxbotixCodec.framer(MaxbotixCodec.CENTIMETRE_DIGITS),
                frame -> "distance " + MaxbotixCodec.distanceMm(frame) + " mm",
                "asset = \"bin-1\"\ndriver = \"maxbotix\"\nunit = \"cm\"\nempty_mm = 0   # distance when empty\nfull_mm = 0   # distance when full\nevery = \"1m\"")));
  }
}
