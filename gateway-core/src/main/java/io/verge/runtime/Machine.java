package io.verge.runtime;

import java.io.IOException;
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
import java.util.List;
import java.util.stream.Stream;

/** What the checks of {@code verge doctor} ask the computer. Looks only; changes nothing. */
final class Machine {
  private static final int CONNECT_MS = 5_000;

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
    try (Socket socket = new Socket()) {
      InetSocketAddress address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new UnknownHostException("no address is known for the name " + host);
      }
      socket.connect(address, CONNECT_MS);
    }
  }
}
