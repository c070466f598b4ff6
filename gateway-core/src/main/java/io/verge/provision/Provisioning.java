package io.verge.provision;

import io.verge.config.ConfigReader;
import io.verge.config.SiteFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes one site file. Secrets get names of their own, so that none is overwritten; the
 * configuration is replaced last and in one step. A power cut before that leaves the old
 * configuration and the site file, and the next run begins anew.
 */
public final class Provisioning {
  /** What follows the buses of the sample, or of a street given earlier. */
  private static final String STREET_MARK = "# --- the street ---";

  private static final long STREET_MAX = 1 << 20;
  private static final String ERRORS = "verge-site.errors.txt";

  /** A configuration names its secrets, and holds none. */
  private static final String FOR_ALL = "rw-r--r--";

  private static final String DONE = "verge-site.done.txt";

  /**
   * What became of it.
   *
   * @param gateway its id.
   * @param fingerprint SHA-256 of its public key; empty: none was asked for.
   * @param request the certification request, beside the site file; null: none was asked for.
   */
  public record Done(String gateway, String fingerprint, @Nullable Path request) {}

  private final Path etc;
  private final Function<Path, ConfigReader.Result> reader;

  /**
   * @param etc where {@code gateway.toml} and {@code secrets/} are; group and mode of {@code
   *     secrets/} say who may read secrets.
   * @param reader what says whether a configuration is one.
   */
  public Provisioning(Path etc, Function<Path, ConfigReader.Result> reader) {
    this.etc = etc;
    this.reader = reader;
  }

  /**
   * Takes a site file: afterwards it is gone, and {@value #DONE} lies in its place. If it is not
   * taken, {@value #ERRORS} lies beside it and nothing was changed.
   */
  public Done take(Path file) throws IOException, ProvisionException {
    Path beside = file.toAbsolutePath().resolveSibling("");
    try (FileChannel channel =
            FileChannel.open(
                etc.resolve(".provision.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      if (!lock.isValid()) {
        throw busy();
      }
      return takeAlone(file, beside);
    }
  }

  private Done takeAlone(Path file, Path beside) throws IOException, ProvisionException {
    try {
      SiteFile.Result read = SiteFile.read(file);
      SiteFile site = read.site();
      if (site == null) {
        throw ProvisionException.of(read.problems());
      }
      Done done = install(site, beside);
      Files.deleteIfExists(beside.resolve(ERRORS));
      Files.writeString(beside.resolve(DONE), text(done), StandardCharsets.UTF_8);
      consume(file);
      return done;
    } catch (ProvisionException e) {
      tellErrors(beside, e);
      throw e;
    } catch (GeneralSecurityException e) {
      ProvisionException told = new ProvisionException(List.of("keys: " + e.getMessage()));
      told.initCause(e);
      tellErrors(beside, told);
      throw told;
    }
  }

  private static void tellErrors(Path beside, ProvisionException e) throws IOException {
    String text =
        "This gateway was not set up; nothing was changed. Mend the file and start again.\n\n"
            + String.join("\n", e.problems())
            + "\n";
    Files.writeString(beside.resolve(ERRORS), text, StandardCharsets.UTF_8);
  }

  private static String text(Done done) {
    return "This gateway is set up as "
        + done.gateway()
        + ".\n"
        + (done.fingerprint().isEmpty()
            ? ""
            : "Fingerprint of its public key (SHA-256): " + done.fingerprint() + "\n")
        + (done.request() == null
            ? ""
            : "Have "
                + done.request().getFileName()
                + " signed, and give the certificate in a new site file: [uplink] certificate.\n");
  }

  private Done install(SiteFile site, Path beside)
      throws IOException, ProvisionException, GeneralSecurityException {
    UpdateKeys.check(site.updateKeys());
    ImageCa.check(site.imageCa());
    Path secrets = etc.resolve("secrets");
    Map<String, String> files = new TreeMap<>();
    List<Path> made = new ArrayList<>();
    GatewayKey key = null;
    boolean installed = false;
    try {
      secret(site, "ca", site.ca(), files, made);
      secret(site, "password_file", site.password(), files, made);
      secret(site, "psk_file", site.psk(), files, made);
      if (site.wantsCertificate() || site.certificate() != null) {
        key = key(secrets, made);
      }
      if (site.certificate() != null && key != null) {
        if (!key.isOf(site.certificate())) {
          throw new ProvisionException(
              List.of("uplink.certificate: it is not of this gateway's key " + key.fingerprint()));
        }
        secret(site, "certificate", site.certificate(), files, made);
        files.put("key", "secrets/gateway.key");
      }
      Path next = etc.resolve("gateway.toml.next");
      made.add(next);
      String text = site.toToml(files) + "\n" + STREET_MARK + "\n\n" + street(site, beside);
      write(next, text, FOR_ALL);
      ConfigReader.Result result = reader.apply(next);
      if (result.config() == null) {
        throw ProvisionException.of(result.problems());
      }
      Path request = request(site, key, beside);
      if (!site.sshKeys().isEmpty()) {
        Path keys = etc.resolve("authorized_keys.next");
        write(keys, String.join("\n", site.sshKeys()) + "\n", FOR_ALL);
        rename(keys, etc.resolve("authorized_keys"));
      }
      new UpdateKeys(etc.resolve("update-keys")).replace(site.updateKeys());
      new ImageCa(etc.resolve("image-ca.pem")).replace(site.imageCa());
      new SiteNetwork(etc.resolve("site.network")).replace(site.network());
      rename(next, etc.resolve("gateway.toml"));
      installed = true;
      forgetOthers(secrets, files);
      return new Done(site.gateway(), key == null ? "" : key.fingerprint(), request);
    } finally {
      if (!installed) {
        for (Path file : made) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static @Nullable Path request(SiteFile site, @Nullable GatewayKey key, Path beside)
      throws IOException, GeneralSecurityException {
    if (key == null || site.certificate() != null) {
      return null;
    }
    Path request = beside.resolve("verge-" + site.gateway() + ".csr");
    Files.writeString(request, key.requestPem(site.gateway()), StandardCharsets.US_ASCII);
    return request;
  }

  /** The key of an earlier provisioning stays: a certificate may be on its way. */
  private GatewayKey key(Path secrets, List<Path> made)
      throws IOException, GeneralSecurityException {
    Path privateHalf = secrets.resolve("gateway.key");
    Path publicHalf = secrets.resolve("gateway.pub");
    if (Files.exists(privateHalf) && Files.exists(publicHalf)) {
      return GatewayKey.read(privateHalf, publicHalf);
    }
    GatewayKey key = GatewayKey.make();
    Path next = secrets.resolve("gateway.key.next");
    writeSecret(next, key.privatePem());
    made.add(publicHalf);
    writeSecret(publicHalf, key.publicPem());
    made.add(privateHalf);
    rename(next, privateHalf);
    return key;
  }

  /** Writes what a key of the uplink names, under a name that its content has chosen. */
  private void secret(
      SiteFile site, String key, @Nullable String text, Map<String, String> files, List<Path> made)
      throws IOException, GeneralSecurityException {
    if (text == null) {
      return;
    }
    byte[] sum =
        java.security.MessageDigest.getInstance("SHA-256")
            .digest(text.getBytes(StandardCharsets.UTF_8));
    String name =
        site.uplink().replaceAll("[^a-z0-9.-]", "_")
            + "-"
            + key.replace("_file", "")
            + "-"
            + java.util.HexFormat.of().formatHex(sum, 0, 6);
    Path file = etc.resolve("secrets").resolve(name);
    if (!Files.exists(file)) {
      made.add(file);
      writeSecret(file, text);
    }
    files.put(key, "secrets/" + name);
  }

  /** Secrets of the configuration before this one, by the form of their names. */
  private static void forgetOthers(Path secrets, Map<String, String> files) throws IOException {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(secrets, "*-{ca,password,psk,certificate}-????????????")) {
      for (Path file : all) {
        if (!files.containsValue("secrets/" + file.getFileName())) {
          Files.delete(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private String street(SiteFile site, Path beside) throws IOException, ProvisionException {
    if (site.street() == null) {
      Path now = etc.resolve("gateway.toml");
      String text = Files.exists(now) ? Files.readString(now, StandardCharsets.UTF_8) : "";
      int mark = text.indexOf(STREET_MARK);
      return mark < 0 ? "" : text.substring(mark + STREET_MARK.length()).stripLeading();
    }
    Path file = beside.resolve(site.street());
    try {
      if (Files.size(file) > STREET_MAX) {
        throw new ProvisionException(List.of("street: " + site.street() + " is larger than 1 MiB"));
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (NoSuchFileException e) {
      throw new ProvisionException(
          List.of("street: there is no " + site.street() + " beside the site file"));
    }
  }

  /**
   * Overwrites, then deletes: whoever finds the card later finds no password on it by undeleting.
   */
  private static void consume(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer nothing = ByteBuffer.allocate((int) Math.min(channel.size(), 1 << 20));
      while (nothing.hasRemaining()) {
        channel.write(nothing, nothing.position());
      }
      channel.force(true);
    }
    Files.delete(file);
  }

  /** For root only, as the folder is; or for the group that may look into the folder. */
  private void writeSecret(Path file, String text) throws IOException {
    PosixFileAttributes folder =
        Files.readAttributes(etc.resolve("secrets"), PosixFileAttributes.class);
    boolean hasGroup = folder.permissions().contains(PosixFilePermission.GROUP_READ);
    write(file, text, hasGroup ? "rw-r-----" : "rw-------");
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (!view.readAttributes().group().equals(folder.group())) {
      view.setGroup(folder.group());
    }
  }

  private static void write(Path file, String text, String mode) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Path folder = to.toAbsolutePath().resolveSibling("");
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static FileLock lock(FileChannel channel) throws IOException, ProvisionException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException ours) {
      throw busy();
    }
    if (lock == null) {
      throw busy();
    }
    return lock;
  }

  private static ProvisionException busy() {
    return new ProvisionException(List.of("another provisioning is under way; wait for it"));
  }
}
