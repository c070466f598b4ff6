package io.verge.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which configuration a command reads that asks no gateway. */
public final class ConfigOption {
  private static final String INSTALLED = "/etc/verge/gateway.toml";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "${env:VERGE_CONFIG:-" + INSTALLED + "}",
      description = "The configuration (default: VERGE_CONFIG, or ${DEFAULT-VALUE}).")
  private Path file = Path.of(INSTALLED);

  public Path file() {
    return file;
  }
}
