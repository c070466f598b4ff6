package io.verge;

import io.verge.config.ConfigReader;
import io.verge.runtime.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** A configuration file, read with the drivers and transports that ship. */
abstract class ConfigurationFixture {
  static final String GOOD =
      """
      [site]
      gateway = "gw-7"
      [[uplink]]
      name = "city"
      url = "mqtt://127.0.0.1:1883"
      [[bus]]
      name = "lamps"
      port = "serial:/dev/ttyUSB0?baud=9600&format=8N1"
      [[bus.device]]
      asset = "lamp-1"
      driver = "modbus"
      profile = "lamp-controller"
      address = 1
      every = "60s"
      """;

  static final String PLAN =
      GOOD.replace("gateway = \"gw-7\"", "gateway = \"gw-7\"\nzone = \"Europe/Berlin\"")
          + """
          [[plan]]
          name = "street"
          lamps = ["lamp-1"]
          on = "18:00"
          off = "06:00"
          """;

  @TempDir Path folder = Path.of("unset");

  ConfigReader.Result read(String toml) throws IOException {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(file, toml);
    return Found.configReader(List.of(), Set.of()).read(file);
  }
}
