package io.verge.drivers.relay;

import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.model.Lane;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code relay}. Keys: {@code line} (required); {@code active} (high), the level of a lit
 * lamp; {@code feedback}, {@code feedback_active} (low), {@code settle} (500ms).
 */
public final class RelayDriverFactory implements DriverFactory {
  /** Lines of the largest chips of boards this runs on, and some. */
  private static final long LINE_MOST = 1023;

  private static final List<String> LEVELS = List.of("high", "low");

  @Override
  public String family() {
    return "relay";
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
    int line = (int) device.integer("line", 0, LINE_MOST, null);
    boolean activeHigh = device.word("active", LEVELS, "high").equals("high");
    boolean fed = device.has("feedback");
    int feedback = fed ? (int) device.integer("feedback", 0, LINE_MOST, null) : -1;
    boolean feedbackHigh = device.word("feedback_active", LEVELS, "low").equals("high");
    int settle = (int) device.millis("settle", 1, 2000, 500L);
    if (feedback == line) {
      device.reject("feedback", "feedback is line " + line + " too", "an input of its own");
      return null;
    }
    boolean off = keep != null && keep.length == 1 && keep[0] == 0;
    return new RelayDriver(
        new RelayDriver.Wiring(line, activeHigh, feedback, feedbackHigh, settle), off ? 0 : 100);
  }

  @Override
  public String place(Settings device) {
    return "line " + device.integer("line", 0, LINE_MOST, null);
  }
}
