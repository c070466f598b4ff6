package io.verge.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the checks of {@code verge doctor} ask the computer. Looks only; changes nothing. */
final class Machine {
  private static final int CONNECT_MS = 5_000;
  private static final String MMCLI = "/usr/bin/mmcli";
  private static final int MODEM_BYTES_MAX = 64 << 10;
  private static final int MODEM_SECONDS = 8;

  private final Path root;

  /**
   * @param root of the file system; {@code /} but in tests.
   */
  Machine(Path root) {
    this.root = root;
  }

  private Path at(String path) {
    return root.resolve(path.substring(1));
  }

  /** Whether systemd-timesyncd has set the clock since boot. */
  boolean isClockSet() {
    return Files.exists(at("/run/systemd/timesync/synchronized"));
  }

  /** Names of the groups {@code user} is a further member of, from {@code /etc/group}. */
  List<String> groupsOf(String user) throws IOException {
    List<String> groups = new ArrayList<>();
    for (String line : Files.readAllLines(at("/etc/group"), StandardCharsets.UTF_8)) {
      String[] fields = line.split(":", -1);
      if (fields.length == 4 && List.of(fields[3].split(",", -1)).contains(user)) {
        groups.add(fields[0]);
      }
    }
    return groups;
  }

  /** A process that holds a device open. */
  record Holder(long pid, String name) {
    @Override
    public String toString() {
      return name + " (process " + pid + ")";
    }
  }

  /** Who holds a device open, and how many processes could not be looked into. */
  record Holders(List<Holder> known, int hidden) {}

  Holders holders(Path device) throws IOException {
    Path real = device.toRealPath();
    List<Holder> known = new ArrayList<>();
    int hidden = 0;
    try (DirectoryStream<Path> processes =
        Files.newDirectoryStream(at("/proc"), path -> isNumber(path.getFileName().toString()))) {
      for (Path process : processes) {
        try {
          if (holds(process, real)) {
            known.add(
                new Holder(
                    Long.parseLong(process.getFileName().toString()),
                    Files.readString(process.resolve("comm"), StandardCharsets.UTF_8).strip()));
          }
        } catch (NoSuchFileException gone) {
          continue;
        } catch (AccessDeniedException notOurs) {
          hidden++;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return new Holders(known, hidden);
  }

  private static boolean holds(Path process, Path device) throws IOException {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : open) {
        if (Files.readSymbolicLink(descriptor).equals(device)) {
          return true;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return false;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Whether the kernel was told to use {@code device} as its console. */
  boolean isConsole(Path device) throws IOException {
    String wanted = "console=" + device.getFileName();
    try (Stream<String> words =
        Stream.of(
            Files.readString(at("/proc/cmdline"), StandardCharsets.UTF_8).strip().split(" ", -1))) {
      return words.anyMatch(word -> word.equals(wanted) || word.startsWith(wanted + ","));
    }
  }

  /**
   * Opens and closes a TCP connection.
   *
   * @throws IOException if nobody answers within 5 s; its message says why.
   */
  void reach(String host, int port) throws IOException {
    connect(host, port).close();
  }

  /** The same, left open. */
  Socket connect(String host, int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new UnknownHostException("no address is known for the name " + host);
    }
    Socket socket = new Socket();
    try {
      socket.connect(address, CONNECT_MS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The device under a folder; empty where it lies on none. */
  Optional<Card> card(Path folder) throws IOException {
    return Card.under(root, folder);
  }

  /** Errors that an ext4 file system has on record; empty where it is none. */
  OptionalLong fileSystemErrors(Path folder) throws IOException {
    String device = Files.getFileStore(folder).name();
    Path count = at("/sys/fs/ext4/" + Path.of(device).getFileName() + "/errors_count");
    return Files.isReadable(count) ? number(count) : OptionalLong.empty();
  }

  /** The hottest thermometer, in thousandths of a degree Celsius. */
  OptionalLong temperatureMilli() throws IOException {
    Path zones = at("/sys/class/thermal");
    OptionalLong hottest = OptionalLong.empty();
    if (!Files.isDirectory(zones)) {
      return hottest;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(zones, "thermal_zone*")) {
      for (Path zone : all) {
        OptionalLong milli = number(zone.resolve("temp"));
        if (milli.isPresent()) {
          hottest = OptionalLong.of(Math.max(milli.getAsLong(), hottest.orElse(Long.MIN_VALUE)));
        }
      }
    }
    return hottest;
  }

  /** {@code get_throttled} of a Raspberry Pi's firmware; empty elsewhere. */
  OptionalLong throttled() throws IOException {
    Path bits = at("/sys/devices/platform/soc/soc:firmware/get_throttled");
    if (!Files.isReadable(bits)) {
      return OptionalLong.empty();
    }
    String hex = Files.readString(bits, StandardCharsets.US_ASCII).strip().replaceFirst("^0x", "");
    return hex.matches("[0-9a-fA-F]{1,8}")
        ? OptionalLong.of(Long.parseLong(hex, 16))
        : OptionalLong.empty();
  }

  /** A number in a file, or empty: not there, not readable, or none. */
  private static OptionalLong number(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      return text.matches("-?[0-9]{1,18}")
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    } catch (IOException unreadable) {
      return OptionalLong.empty(); // a thermometer may be switched off
    }
  }

  /** What the board calls itself, or empty. */
  String model() throws IOException {
    Path model = at("/proc/device-tree/model");
    return Files.isReadable(model)
        ? Files.readString(model, StandardCharsets.ISO_8859_1).replace("\0", "")
        : "";
  }

  /** The lines of a Raspberry Pi's config.txt without comments; empty where there is none. */
  Optional<List<String>> firmwareLines() throws IOException {
    for (String place : List.of("/boot/firmware/config.txt", "/boot/config.txt")) {
      if (Files.isReadable(at(place))) {
        return Optional.of(
            Files.readAllLines(at(place), StandardCharsets.ISO_8859_1).stream()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .toList());
      }
    }
    return Optional.empty();
  }

  /** Interfaces with a default route (proc_net_route of the kernel: destination and mask 0). */
  List<String> defaultRoutes() throws IOException {
    List<String> names = new ArrayList<>();
    Path four = at("/proc/net/route");
    if (Files.isReadable(four)) {
      for (String line : Files.readAllLines(four, StandardCharsets.US_ASCII)) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length > 7 && fields[1].equals("00000000") && fields[7].equals("00000000")) {
          names.add(fields[0]);
        }
      }
    }
    Path six = at("/proc/net/ipv6_route");
    if (Files.isReadable(six)) {
      for (String line : Files.readAllLines(six, StandardCharsets.US_ASCII)) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length > 9 && fields[0].matches("0{32}") && fields[1].equals("00")) {
          names.add(fields[9]);
        }
      }
    }
    return names.stream().filter(name -> !name.equals("lo")).distinct().toList();
  }

  /** Whether ModemManager is there to be asked. */
  boolean hasModemManager() {
    return Files.isExecutable(at(MMCLI));
  }

  /**
   * What ModemManager says of the modem; empty where there is no modem or no ModemManager, or it
   * does not answer within 8 s.
   */
  Optional<Map<String, String>> modem() throws IOException {
    if (!hasModemManager()) {
      return Optional.empty();
    }
    Process process =
        new ProcessBuilder(at(MMCLI).toString(), "-m", "any", "--output-keyvalue", "--timeout=5")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (InputStream in = process.getInputStream()) {
      // What it says fits the pipe; one that says more never ends, and is ended here.
      return process.waitFor(MODEM_SECONDS, TimeUnit.SECONDS)
          ? said(new String(in.readNBytes(MODEM_BYTES_MAX), StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while ModemManager was asked");
    } finally {
      process.destroyForcibly();
    }
  }

  private static Optional<Map<String, String>> said(String text) {
    Map<String, String> said = new LinkedHashMap<>();
    text.lines()
        .filter(line -> line.contains(" : "))
        .forEach(
            line ->
                said.put(
                    line.substring(0, line.indexOf(" : ")).strip(),
                    line.substring(line.indexOf(" : ") + 3).strip()));
    return said.isEmpty() ? Optional.empty() : Optional.of(said);
  }
}
