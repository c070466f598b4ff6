package io.verge.drivers.tfmini;

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
 * Family {@code tfmini}. Keys: {@code empty_mm}, {@code full_mm} (required); {@code least_mm}
 * (100), {@code most_mm} (12000), {@code echoes} (5).
 */
public final class TfminiDriverFactory implements ContainerFactory {
  /** Range of the TFmini-S: product manual A05, table 1. */
  private static final long LEAST_MM = 100;

  private static final long MOST_MM = 12_000;

  @Override
  public String family() {
    return "tfmini";
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    Mounting mounting = Mounting.of(device, LEAST_MM, MOST_MM, false);
    return mounting == null
        ? null
        : new FillDriver(mounting, TfminiCodec.FRAMER, new byte[0], TfminiCodec::distanceMm, keep);
  }

  @Override
  public BusScanner scanner() {
    return new ListeningScanner(
        "tfmini",
        List.of("baud=115200&format=8N1"),
        500,
        List.of(
            new Form(
                "TFmini",
                TfminiCodec.FRAMER,
                frame -> "distance " + TfminiCodec.distanceCm(frame) + " cm",
                "asset = \"bin-1\"\ndriver = \"tfmini\"\nempty_mm = 0   # distance when empty\nfull_mm = 0   # distance when full\nevery = \"1m\"")));
  }
}
