package io.verge.drivers.a02;

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
 * Family {@code a02}. Keys: {@code empty_mm}, {@code full_mm} (required); {@code least_mm} (30),
 * {@code most_mm} (4500), {@code echoes} (5), {@code air_c} with {@code assumed_c} (20); for
 * JSN-SR04T {@code sum} (whole), {@code without-start}, and {@code asked} (false).
 */
public final class A02DriverFactory implements ContainerFactory {
  /** Range of the A02YYUW: DFRobot wiki SEN0311. */
  private static final long LEAST_MM = 30;

  private static final long MOST_MM = 4500;

  @Override
  public String family() {
    return "a02";
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    boolean whole = device.word("sum", List.of("whole", "without-start"), "whole").equals("whole");
    boolean asked = device.flag("asked", false);
    Mounting mounting = Mounting.of(device, LEAST_MM, MOST_MM, true);
    return mounting == null
        ? null
        : new FillDriver(
            mounting,
            whole ? A02Codec.FRAMER : A02Codec.FRAMER_WITHOUT_START,
            asked ? A02Codec.ASK.clone() : new byte[0],
            A02Codec::distanceMm,
            keep);
  }

  @Override
  public BusScanner scanner() {
    return new ListeningScanner(
        "a02",
        List.of("baud=9600&format=8N1"),
        1000,
        List.of(
            new Form(
                "A02YYUW",
                A02Codec.FRAMER,
                frame -> "distance " + A02Codec.distanceMm(frame) + " mm",
                "asset = \"bin-1\"\ndriver = \"a02\"\nempty_mm = 0   # distance when empty\nfull_mm = 0   # distance when full\nevery = \"1m\""),
            new Form(
                "JSN-SR04T with its short sum",
                A02Codec.FRAMER_WITHOUT_START,
                frame -> "distance " + A02Codec.distanceMm(frame) + " mm",
                "asset = \"bin-1\"\ndriver = \"a02\"\nsum = \"without-start\"\nempty_mm = 0   # distance when empty\nfull_mm = 0   # distance when full\nevery = \"1m\"")));
  }
}
