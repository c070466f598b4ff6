package io.verge.runtime;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.verge.driver.BusScanner;
import io.verge.driver.BusScanner.FoundDevice;
import io.verge.transport.PortUri;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints a search at one speed: progress on stderr, devices and configuration on stdout. */
final class ScanPrinter implements BusScanner.Report {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  /** Text from devices, cut and cleaned, is no more than this. */
  private static final int TEXT_MAX = 200;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;
  private final PortUri port;
  private final String protocol;
  private final boolean terminal = System.console() != null;
  private final List<FoundDevice> found = new ArrayList<>();

  ScanPrinter(PrintStream out, PrintStream err, boolean json, PortUri port, String protocol) {
    this.out = out;
    this.err = err;
    this.json = json;
    this.port = port;
    this.protocol = protocol;
  }

  void begin() {
    err.println("searching " + port + " for " + protocol);
  }

  /** Configuration for what was found. */
  int end() {
    if (terminal) {
      err.print("\r\u001b[K");
    }
    err.println(found.size() + " devices at " + port);
    if (!found.isEmpty() && !json) {
      out.println();
      out.println("[[bus]]");
      out.println("name = \"" + protocol + "-1\"");
      out.println("port = \"" + port + "\"");
      for (FoundDevice device : found) {
        out.println();
        out.println("[[bus.device]]");
        out.println(device.settings());
      }
    }
    return found.size();
  }

  @Override
  public boolean goesOn() {
    return !out.checkError() && !Thread.currentThread().isInterrupted();
  }

  @Override
  public void at(String where) {
    if (terminal) {
      err.print("\r\u001b[K" + where + ", " + found.size() + " found");
    }
  }

  @Override
  public void found(FoundDevice device) {
    found.add(device);
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("protocol", protocol);
      object.put("port", port.toString());
      object.put("place", device.place());
      object.put("identification", device.identification());
      object.put("values", device.values());
      object.put("settings", device.settings());
      out.println(GSON.toJson(object));
      return;
    }
    if (terminal) {
      err.print("\r\u001b[K");
    }
    String identity =
        device.identification().entrySet().stream()
            .map(entry -> entry.getKey() + " " + clean(entry.getValue()))
            .collect(Collectors.joining(", "));
    out.println(device.place() + (identity.isEmpty() ? "" : "  " + identity));
    device.values().forEach(value -> out.println("    " + clean(value)));
  }

  @Override
  public void note(String text) {
    err.println((terminal ? "\r\u001b[K" : "") + "note: " + clean(text));
  }

  static String clean(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > TEXT_MAX ? plain.substring(0, TEXT_MAX) + "…" : plain;
  }
}
