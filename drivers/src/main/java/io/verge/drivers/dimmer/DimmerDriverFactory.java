package io.verge.drivers.dimmer;

import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.model.Lane;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code dimmer}. Keys: {@code channel} (required); {@code frequency} (1000), {@code
 * inverted} (false); {@code curve}: tables with {@code level} and {@code duty}, in per cent.
 */
public final class DimmerDriverFactory implements DriverFactory {
  private static final long CHANNEL_MOST = 63;
  private static final int PAIRS_MAX = 32;
  private static final BigDecimal HUNDRED = new BigDecimal(100);

  @Override
  public String family() {
    return "dimmer";
  }

  @Override
  public boolean needsLines() {
    return true;
  }

  @Override
  public String typeName(Settings device, @Nullable Settings profile) {
    return "lamp";
  }

  @Override
  public Lane lane(Settings device, @Nullable Settings profile) {
    return Lane.TELEMETRY;
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    int channel = (int) device.integer("channel", 0, CHANNEL_MOST, null);
    long hertz = device.integer("frequency", 50, 20_000, 1000L);
    boolean inverted = device.flag("inverted", false);
    Curve curve = curve(device);
    if (curve == null) {
      return null;
    }
    boolean known = keep != null && keep.length == 1 && keep[0] >= 0 && keep[0] <= 100;
    long level = keep != null && known ? keep[0] : 100;
    return new DimmerDriver(new DimmerDriver.Wiring(channel, hertz, inverted, curve), level);
  }

  private static @Nullable Curve curve(Settings device) {
    List<Curve.Pair> pairs = new ArrayList<>();
    boolean exact = true;
    for (Settings table : device.tables("curve")) {
      int level = (int) table.integer("level", 1, 100, null);
      BigDecimal duty =
          table
              .decimal("duty", BigDecimal.ZERO, HUNDRED, null)
              .movePointRight(1)
              .stripTrailingZeros();
      if (duty.scale() > 0) {
        table.reject("duty", "finer than 0.1 %", "one digit after the point");
        exact = false;
      }
      pairs.add(new Curve.Pair(level, duty.intValue()));
    }
    List<String> wrong =
        pairs.size() > PAIRS_MAX
            ? List.of(pairs.size() + " pairs, " + PAIRS_MAX + " at most")
            : Curve.wrong(pairs);
    wrong.forEach(
        one -> device.reject("curve", one, "pairs of level and duty, from dark to bright"));
    if (!exact || !wrong.isEmpty()) {
      return null;
    }
    return pairs.isEmpty() ? Curve.STRAIGHT : new Curve(pairs);
  }

  @Override
  public String place(Settings device) {
    return "channel " + device.integer("channel", 0, CHANNEL_MOST, null);
  }
}
