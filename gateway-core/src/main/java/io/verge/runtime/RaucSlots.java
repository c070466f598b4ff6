package io.verge.runtime;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.verge.update.Slots;
import io.verge.update.UpdateException;
import io.verge.update.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two systems of a disk image of Verge: RAUC writes them, GRUB starts them. */
final class RaucSlots implements Slots {
  private static final Path SYSTEM = Path.of("/usr/lib/verge-system");
  private static final Path CONFIG = Path.of("/etc/rauc/system.conf");
  private static final Path TRUSTED = Path.of("/etc/verge/image-ca.pem");
  private static final Path KERNEL_OPTIONS = Path.of("/proc/cmdline");
  private static final Pattern SLOT = Pattern.compile("(?:^| )rauc\\.slot=([AB])(?: |$)");
  private static final Pattern COMPATIBLE =
      Pattern.compile("^compatible=([a-z0-9-]{1,60})$", Pattern.MULTILINE);

  /** First bytes of squashfs, which a bundle of RAUC begins with. */
  private static final byte[] MAGIC = "hsqs".getBytes(StandardCharsets.US_ASCII);

  private static final int FILE_MAX = 64 << 10;
  private static final int ANSWER_S = 60;

  /** Time for a slow stick and a slow card. */
  private static final int WRITE_S = 1800;

  /** Whether a file is a bundle with a system, as far as its first bytes say. */
  static boolean isBundle(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    }
  }

  @Override
  public Optional<Running> running() throws IOException {
    Path version = SYSTEM.resolve("version");
    if (!Files.isRegularFile(version)) {
      return Optional.empty();
    }
    Matcher slot = SLOT.matcher(text(KERNEL_OPTIONS).strip());
    Matcher compatible = COMPATIBLE.matcher(text(CONFIG));
    String number = text(version).split(" ", 2)[0].strip();
    if (!slot.find() || !compatible.find() || !Version.isOne(number)) {
      return Optional.empty();
    }
    return Optional.of(new Running(slot.group(1), new Version(number), compatible.group(1)));
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(FILE_MAX), StandardCharsets.UTF_8);
    }
  }

  @Override
  public boolean trusts() {
    return Files.exists(TRUSTED);
  }

  @Override
  public Offer offer(Path bundle) throws IOException, UpdateException {
    Programs.Ran ran =
        Programs.run(
            ANSWER_S,
            List.of("rauc", "info", "--output-format=json", bundle.toAbsolutePath().toString()));
    if (ran.code() != 0) {
      throw new UpdateException(
          bundle.getFileName() + " is not taken: " + reason(ran.output()),
          "is it whole, and signed by whom system.image_ca names? fetch it again");
    }
    JsonObject info = json(ran.output());
    return new Offer(field(info, "compatible"), field(info, "version"));
  }

  /** The answer stands in one line among what RAUC tells. */
  private static JsonObject json(String output) throws IOException {
    String line =
        output
            .lines()
            .filter(each -> each.startsWith("{"))
            .findFirst()
            .orElseThrow(() -> new IOException("rauc info has answered: " + output));
    try {
      return JsonParser.parseString(line).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("rauc info has answered: " + line, e);
    }
  }

  private static String field(JsonObject object, String key) {
    return object.get(key) instanceof JsonPrimitive value ? value.getAsString() : "";
  }

  /** RAUC names its last error, or it is what it says last. */
  private static String reason(String output) {
    String mark = "LastError: ";
    String last = "rauc gives no reason";
    for (String line : output.lines().toList()) {
      if (line.startsWith(mark)) {
        return line.substring(mark.length());
      }
      if (!line.isBlank()) {
        last = line.strip();
      }
    }
    return last;
  }

  @Override
  public void install(Path bundle) throws IOException, UpdateException {
    Programs.Ran ran =
        Programs.run(WRITE_S, List.of("rauc", "install", asOthersSee(bundle).toString()));
    if (ran.code() != 0) {
      throw new UpdateException(
          bundle.getFileName() + " could not be written: " + reason(ran.output()),
          "what runs goes on running; journalctl -u rauc says more");
    }
  }

  /** RAUC's service does not see what is mounted for this process only, as a stick is. */
  private static Path asOthersSee(Path file) {
    String root = "/proc/" + ProcessHandle.current().pid() + "/root";
    return Path.of(root + file.toAbsolutePath());
  }

  @Override
  public String onTrial() throws IOException {
    return slot("trial");
  }

  @Override
  public void confirm() throws IOException {
    slot("confirm");
  }

  @Override
  public void drop() throws IOException {
    slot("drop");
  }

  private static String slot(String order) throws IOException {
    Programs.Ran ran = Programs.run(ANSWER_S, List.of(SYSTEM + "/slot", order));
    if (ran.code() != 0) {
      throw new IOException("the boot loader's block: " + ran.output());
    }
    return ran.output();
  }

  @Override
  public void reboot() throws IOException {
    // Who has ordered it may still say what became of it, and let go of a stick.
    Programs.Ran ran =
        Programs.run(
            ANSWER_S, List.of("systemd-run", "--quiet", "--on-active=10", "systemctl", "reboot"));
    if (ran.code() != 0) {
      throw new IOException("no restart could be had: " + ran.output());
    }
  }
}
