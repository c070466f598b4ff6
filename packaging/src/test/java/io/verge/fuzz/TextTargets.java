package io.verge.fuzz;

import io.verge.config.ConfigReader;
import io.verge.config.Problem;
import io.verge.runtime.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/** Files that people write: a site's configuration, a device's profile. */
final class TextTargets {
  private static final long ALLOWED = 32L << 20;
  private static final String SITE =
      """
      [site]
      gateway = "g"
      [[bus]]
      name = "b"
      port = "tcp:127.0.0.1:9"
      [[bus.device]]
      asset = "a"
      driver = "modbus"
      profile = "fuzzed"
      address = 1
      """;

  private TextTargets() {}

  static void addTo(SortedMap<String, Target> all) {
    all.put("text-config", new Config(false));
    all.put("text-profile", new Config(true));
  }

  /** A file that is read as configuration, or as a profile some configuration names. */
  private static final class Config implements Target {
    private final ConfigReader reader = Found.configReader(List.of(), Set.of());
    private final boolean isProfile;
    private final Path site;
    private final Path profile;

    Config(boolean isProfile) {
      this.isProfile = isProfile;
      try {
        Path shared = Path.of("/dev/shm");
        Path folder =
            Files.isWritable(shared)
                ? Files.createTempDirectory(shared, "verge-fuzz")
                : Files.createTempDirectory("verge-fuzz");
        site = folder.resolve("gateway.toml");
        Files.createDirectory(folder.resolve("profiles"));
        profile = folder.resolve("profiles").resolve("fuzzed.toml");
        Files.writeString(site, SITE);
        for (Path made : List.of(folder, folder.resolve("profiles"), site, profile)) {
          made.toFile().deleteOnExit();
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    /**
     * What tomlj asserts for itself is off in the product, where it reports such a file rightly.
     */
    @Override
    public void read(byte[] input) throws IOException {
      try {
        readFile(input);
      } catch (AssertionError e) {
        if (!e.getStackTrace()[0].getClassName().startsWith("org.tomlj.")) {
          throw e;
        }
      }
    }

    private void readFile(byte[] input) throws IOException {
      Files.write(isProfile ? profile : site, input);
      ConfigReader.Result read = reader.read(site);
      Check.that(
          (read.config() == null) != read.problems().isEmpty(),
          "neither read nor refused: " + read);
      for (Problem problem : read.problems()) {
        Check.that(
            problem.line() > 0 && problem.column() > 0 && !problem.message().isEmpty(),
            "a problem nowhere: " + problem);
      }
      if (isProfile) {
        reader.checkProfile(profile);
      } else if (read.config() != null) {
        read.config().buses().forEach(bus -> bus.devices().forEach(device -> device.create(null)));
      }
    }

    @Override
    public long allowed(int length) {
      return ALLOWED + length * 64 * ALLOWED_A_BYTE;
    }
  }
}
