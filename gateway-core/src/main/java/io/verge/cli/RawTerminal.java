package io.verge.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The terminal as a page: no echo, keys one by one, its former state given back on every way out.
 * {@code stty} (coreutils, POSIX) sets it, since the JDK cannot: a library for that would cost 1 MB
 * and a native part a processor architecture. One thread.
 */
final class RawTerminal implements AutoCloseable {
  /** Rows and columns. */
  record Size(int rows, int columns) {}

  private static final File TTY = new File("/dev/tty");
  private static final Size USUAL = new Size(24, 80);
  private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[2J";
  private static final String LEAVE = "\u001b[0m\u001b[?25h\u001b[?1049l";

  /** Shorter than half of a wait for a key: there was no waiting, nobody is there any more. */
  private static final long HURRY_MS = 100;

  private static final int HURRIES_MAX = 20;

  private final InputStream in;
  private final PrintStream out;
  private final String before;
  private final Thread onExit = new Thread(this::restore, "terminal");
  private boolean restored;
  private int hurries;

  private RawTerminal(InputStream in, PrintStream out, String before) {
    this.in = in;
    this.out = out;
    this.before = before;
  }

  /** Whether keys and screen are a terminal's that can move its cursor. */
  static boolean isThere() {
    String term = System.getenv("TERM");
    return System.console() != null && term != null && !term.isEmpty() && !term.equals("dumb");
  }

  /**
   * @throws IOException without {@code stty}, or without a terminal.
   */
  static RawTerminal open(InputStream in, PrintStream out) throws IOException {
    RawTerminal terminal = new RawTerminal(in, out, stty("-g"));
    Runtime.getRuntime().addShutdownHook(terminal.onExit);
    stty("-icanon", "-echo", "-isig", "min", "0", "time", "5");
    out.print(ENTER);
    out.flush();
    return terminal;
  }

  Size size() throws IOException {
    String[] two = stty("size").split(" ", -1);
    if (two.length != 2 || two[0].equals("0") || two[1].equals("0")) {
      return USUAL;
    }
    try {
      return new Size(Integer.parseInt(two[0]), Integer.parseInt(two[1]));
    } catch (NumberFormatException e) {
      throw new IOException("stty size said '" + String.join(" ", two) + "'", e);
    }
  }

  /**
   * The keys pressed, as the terminal sends them; empty after half a second without one.
   *
   * @throws IOException when the terminal has gone.
   */
  String keys() throws IOException {
    long began = System.nanoTime();
    StringBuilder keys = new StringBuilder();
    int first = in.read();
    if (first < 0) {
      boolean hurried = System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(HURRY_MS);
      hurries = hurried ? hurries + 1 : 0;
      if (hurries > HURRIES_MAX) {
        throw new IOException("the terminal has gone");
      }
      return "";
    }
    keys.append((char) first);
    while (in.available() > 0 && keys.length() < 32) {
      keys.append((char) in.read());
    }
    return keys.toString();
  }

  /** Draws over what was there, without a flash of emptiness. */
  void draw(List<String> lines, Size size) {
    StringBuilder page = new StringBuilder("\u001b[H");
    for (int row = 0; row < size.rows(); row++) {
      page.append(row < lines.size() ? lines.get(row) : "").append("\u001b[0m\u001b[K");
      page.append(row < size.rows() - 1 ? "\r\n" : "");
    }
    out.print(page);
    out.flush();
  }

  private synchronized void restore() {
    if (restored) {
      return;
    }
    restored = true;
    out.print(LEAVE);
    out.flush();
    try {
      stty(before);
    } catch (IOException e) {
      out.println("The terminal's settings could not be given back: type  stty sane");
    }
  }

  @Override
  public void close() {
    restore();
    Runtime.getRuntime().removeShutdownHook(onExit);
  }

  private static String stty(String... args) throws IOException {
    List<String> line = new ArrayList<>(List.of("stty"));
    line.addAll(List.of(args));
    Process process = new ProcessBuilder(line).redirectInput(TTY).redirectErrorStream(true).start();
    String said;
    try (InputStream output = process.getInputStream()) {
      said = new String(output.readNBytes(1024), StandardCharsets.US_ASCII).strip();
    }
    try {
      if (process.waitFor() != 0) {
        throw new IOException("stty " + String.join(" ", args) + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return said;
  }
}
