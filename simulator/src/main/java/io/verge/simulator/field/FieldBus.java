package io.verge.simulator.field;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One bus of the street: what its table in the gateway's configuration says, and its line.
 *
 * @param options of its port's URI: {@code baud=2400&format=8E1}.
 * @param line null for a chip of GPIO lines.
 * @param devices tables' lines, one text a device.
 */
record FieldBus(
    String name, String options, int timeoutMs, @Nullable HostileLine line, List<String> devices) {
  static FieldBus of(String name, String options, int timeoutMs, @Nullable HostileLine line) {
    return new FieldBus(name, options, timeoutMs, line, new ArrayList<>());
  }

  void device(String asset, String every, String settings) {
    devices.add("asset = \"" + asset + "\"\nevery = \"" + every + "\"\n" + settings);
  }

  /** Its tables. */
  String toml(String port) {
    StringBuilder toml = new StringBuilder("\n[[bus]]\nname = \"").append(name);
    toml.append("\"\nport = \"").append(port).append("\"\n");
    if (timeoutMs > 0) {
      toml.append("timeout = \"").append(timeoutMs).append("ms\"\n");
    }
    for (String device : devices) {
      toml.append("\n[[bus.device]]\n").append(device).append('\n');
    }
    return toml.toString();
  }
}
