package io.verge.drivers.dali;

import io.verge.driver.BusScanner;
import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.drivers.wire.dali.AtxMaster;
import io.verge.drivers.wire.dali.Dali;
import io.verge.drivers.wire.dali.DaliCurve;
import io.verge.drivers.wire.dali.DaliMaster;
import io.verge.drivers.wire.dali.DaliMemory;
import io.verge.drivers.wire.dali.LubaMaster;
import io.verge.drivers.wire.dali.SciMaster;
import io.verge.model.Lane;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code dali}. Keys: {@code master} (sci, luba, atx), {@code address} (0..63); {@code
 * curve} (ask; log, linear), {@code banks} (none; for example {@code "202 205 206"}).
 */
public final class DaliDriverFactory implements DriverFactory {
  private static final String BANKS = "banks";

  @Override
  public String family() {
    return "dali";
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
    DaliMaster master =
        switch (device.word("master", List.of("sci", "luba", "atx"), null)) {
          case "luba" -> new LubaMaster();
          case "atx" -> new AtxMaster();
          default -> new SciMaster();
        };
    DaliCurve curve =
        switch (device.word("curve", List.of("ask", "log", "linear"), "ask")) {
          case "log" -> DaliCurve.LOGARITHMIC;
          case "linear" -> DaliCurve.LINEAR;
          default -> null;
        };
    int address = address(device);
    List<Integer> banks = banks(device);
    return banks == null ? null : new DaliDriver(master, address, curve, banks);
  }

  private static @Nullable List<Integer> banks(Settings device) {
    List<Integer> banks = new ArrayList<>();
    String text = device.text(BANKS, "").strip();
    for (String word : text.isEmpty() ? new String[0] : text.split("[ ,]+", -1)) {
      int bank = word.matches("[0-9]{3}") ? Integer.parseInt(word) : 0;
      if (bank < DaliMemory.BANK_FIRST || bank > DaliMemory.BANK_LAST || banks.contains(bank)) {
        device.reject(
            BANKS, "found \"" + text + "\"", "some of 202 203 204 205 206 207, each once");
        return null;
      }
      banks.add(bank);
    }
    return banks;
  }

  @Override
  public BusScanner scanner() {
    return new DaliScanner();
  }

  @Override
  public String place(Settings device) {
    return "address " + address(device);
  }

  private static int address(Settings device) {
    return (int) device.integer("address", 0, Dali.SHORT_MOST, null);
  }
}
