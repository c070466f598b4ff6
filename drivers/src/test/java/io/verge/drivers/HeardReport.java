package io.verge.drivers;

import io.verge.driver.BusScanner;
import io.verge.driver.BusScanner.FoundDevice;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a search reports. */
public final class HeardReport implements BusScanner.Report {
  private final List<FoundDevice> devices = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  public List<FoundDevice> devices() {
    return devices;
  }

  public List<String> notes() {
    return notes;
  }

  @Override
  public boolean goesOn() {
    return true;
  }

  @Override
  public void at(String where) {
    assertHasText(where);
  }

  @Override
  public void found(FoundDevice device) {
    devices.add(device);
  }

  @Override
  public void note(String text) {
    assertHasText(text);
    notes.add(text);
  }

  private static void assertHasText(String text) {
    if (text.isBlank()) {
      throw new AssertionError("a report without words");
    }
  }
}
