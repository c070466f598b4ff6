package io.verge.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The kept inputs: {@code src/test/resources/fuzz/TARGET.hex}, one a line. Lines that begin with #
 * say what a finding was.
 */
public final class Corpus {
  /** What a fuzzer may make an input of. */
  static final int INPUT_MAX = 1024;

  /** Kept of a target, the shortest first: all of them stay below 1 MB. */
  private static final int KEPT_BYTES = 8 << 10;

  private static final HexFormat HEX = HexFormat.of();

  private Corpus() {}

  static byte[] bounded(byte[] input) {
    return input.length <= INPUT_MAX ? input : Arrays.copyOf(input, INPUT_MAX);
  }

  static List<byte[]> inputs(Path file) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    for (String line : lines(file)) {
      if (!line.startsWith("#")) {
        inputs.add(HEX.parseHex(line));
      }
    }
    return inputs;
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /**
   * {@code targets}: their names. {@code unpack FOLDER INTO}: each target's inputs as files of a
   * folder of its name, all with their first byte in {@code all}. {@code pack FOLDER TARGET FROM}:
   * takes a target's inputs back, with what stands under a # and the line after it. {@code find
   * FOLDER TARGET FILE}: keeps a finding. {@code run TARGET FILE}: tries one.
   */
  public static void main(String[] arguments) throws Exception {
    List<String> rest = List.of(arguments).subList(1, arguments.length);
    switch (arguments[0]) {
      case "targets" -> Targets.byName().keySet().forEach(System.out::println);
      case "unpack" -> unpack(Path.of(rest.get(0)), Path.of(rest.get(1)));
      case "pack" -> pack(Path.of(rest.get(0)), rest.get(1), Path.of(rest.get(2)));
      case "find" -> find(Path.of(rest.get(0)), rest.get(1), Path.of(rest.get(2)));
      case "run" -> Targets.run(rest.get(0), Files.readAllBytes(Path.of(rest.get(1))));
      default -> throw new IllegalArgumentException("corpus " + arguments[0]);
    }
  }

  private static void unpack(Path folder, Path into) throws IOException {
    Path all = Files.createDirectories(into.resolve("all"));
    int number = 0;
    for (String name : Targets.byName().keySet()) {
      Path own = Files.createDirectories(into.resolve(name));
      for (byte[] input : inputs(folder.resolve(name + ".hex"))) {
        byte[] chosen = new byte[input.length + 1];
        chosen[0] = Targets.choice(name);
        System.arraycopy(input, 0, chosen, 1, input.length);
        Files.write(own.resolve("kept-" + number), input);
        Files.write(all.resolve("kept-" + number), chosen);
        number++;
      }
    }
  }

  private static void pack(Path folder, String target, Path from) throws IOException {
    List<String> kept = findings(folder.resolve(target + ".hex"));
    List<byte[]> inputs = new ArrayList<>();
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.sorted().toList()) {
        inputs.add(bounded(Files.readAllBytes(file)));
      }
    }
    inputs.sort((a, b) -> a.length == b.length ? Arrays.compare(a, b) : a.length - b.length);
    int bytes = 0;
    Set<String> lines = new LinkedHashSet<>();
    for (byte[] input : inputs) {
      bytes += input.length;
      String line = HEX.formatHex(input);
      if (bytes <= KEPT_BYTES && input.length > 0 && !kept.contains(line)) {
        lines.add(line);
      }
    }
    kept.addAll(lines);
    write(folder, target, kept);
  }

  private static List<String> findings(Path file) throws IOException {
    List<String> kept = new ArrayList<>();
    List<String> lines = lines(file);
    for (int i = 0; i + 1 < lines.size(); i++) {
      if (lines.get(i).startsWith("#")) {
        kept.add(lines.get(i));
        kept.add(lines.get(i + 1));
      }
    }
    return kept;
  }

  private static void find(Path folder, String target, Path found) throws IOException {
    List<String> lines = new ArrayList<>(lines(folder.resolve(target + ".hex")));
    String line = HEX.formatHex(bounded(Files.readAllBytes(found)));
    if (!lines.contains(line)) {
      lines.add(0, line);
      lines.add(0, "# found " + found.getFileName());
      write(folder, target, lines);
    }
  }

  private static void write(Path folder, String target, List<String> lines) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(target + ".hex"), lines, StandardCharsets.US_ASCII);
  }
}
