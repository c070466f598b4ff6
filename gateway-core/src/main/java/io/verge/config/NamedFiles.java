package io.verge.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the files are that a configuration names: beside it; as {@code credential:NAME} among the
 * credentials that systemd gave the service (systemd.exec(5)); and what is in {@code secrets/}
 * beside it, but for root only, under {@code secrets_NAME} among these.
 */
public final class NamedFiles {
  private static final String CREDENTIAL = "credential:";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final String SECRETS = "secrets";

  /** Where the running service's are; root may look at them. */
  private static final Path OF_THE_SERVICE = Path.of("/run/credentials/verge.service");

  private final Path folder;
  private final @Nullable Path credentials;
  private final boolean isService;

  /**
   * @param folder of the configuration.
   * @param credentials folder of what systemd gave; null: none can be seen from here.
   * @param isService whether it was given to this process, which then knows what there is.
   */
  NamedFiles(Path folder, @Nullable Path credentials, boolean isService) {
    this.folder = folder;
    this.credentials = credentials;
    this.isService = isService;
  }

  /**
   * As this process sees them: the service, or whoever looks at a configuration by hand.
   *
   * @param folder of the configuration.
   */
  public static NamedFiles beside(Path folder) {
    return beside(folder, System.getenv());
  }

  static NamedFiles beside(Path folder, Map<String, String> environment) {
    String given = environment.get("CREDENTIALS_DIRECTORY");
    if (given != null && !given.isEmpty()) {
      return new NamedFiles(folder, Path.of(given), true);
    }
    return new NamedFiles(folder, Files.isReadable(OF_THE_SERVICE) ? OF_THE_SERVICE : null, false);
  }

  /**
   * What is wrong with a name; empty: nothing.
   *
   * @param name as it stands in the configuration.
   */
  String problem(String name) {
    if (name.indexOf('\0') >= 0) {
      return "no file can have such a name";
    }
    boolean isBad =
        name.startsWith(CREDENTIAL) && !NAME.matcher(name.substring(CREDENTIAL.length())).matches();
    return isBad ? "expected credential:NAME, of letters, digits and . _ -" : "";
  }

  /** Whether it is a credential that only the service could see, perhaps after its next start. */
  boolean isOutOfSight(String name) {
    return name.startsWith(CREDENTIAL) && !isService && !Files.isReadable(of(name));
  }

  /**
   * Where it is, whether or not it is there.
   *
   * @param name without a {@link #problem}.
   */
  public Path of(String name) {
    Path given = credentials;
    if (name.startsWith(CREDENTIAL)) {
      return (given == null ? OF_THE_SERVICE : given).resolve(name.substring(CREDENTIAL.length()));
    }
    Path path = folder.resolve(name);
    if (given == null || Files.isReadable(path) || !isSecret(path)) {
      return path;
    }
    Path loaded = given.resolve(SECRETS + "_" + path.getFileName());
    return Files.isReadable(loaded) ? loaded : path;
  }

  private boolean isSecret(Path path) {
    return folder.resolve(SECRETS).equals(path.normalize().getParent());
  }
}
