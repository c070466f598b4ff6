package io.verge.simulator.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A virtual machine with a whole gateway on it, from its power coming on to its power going. */
final class Guest implements AutoCloseable {
  /**
   * What to start.
   *
   * @param broker port of the back end on this computer.
   * @param lamps port of the lamps on this computer.
   * @param sabotage the guest's file system flushes nothing.
   */
  record Plan(
      Path kernel, Path initrd, Path disk, Path console, int broker, int lamps, boolean sabotage) {}

  /**
   * What the gateway told.
   *
   * @param lines how often.
   * @param found the first numbers of its run.
   * @param last below these all is committed.
   */
  record Told(int lines, long @Nullable [] found, long @Nullable [] last) {
    static final Told NOTHING = new Told(0, null, null);
  }

  private static final int LANES = 3;
  private static final int END_SECONDS = 20;

  private final Process process;
  private final Thread listening;
  private Told told = Told.NOTHING;
  private boolean isOn = true;

  private Guest(Process process) {
    this.process = process;
    this.listening = new Thread(this::listen, "told");
    listening.setDaemon(true);
    listening.start();
  }

  static Guest powerOn(Plan plan) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("qemu-system-x86_64", "-machine", "pc", "-m", "512", "-smp", "1", "-nodefaults"));
    command.addAll(List.of("-accel", "tcg,tb-size=128", "-cpu", "max", "-display", "none"));
    command.addAll(List.of("-no-reboot", "-serial", "file:" + plan.console(), "-serial", "stdio"));
    command.addAll(List.of("-kernel", plan.kernel().toString()));
    command.addAll(List.of("-initrd", plan.initrd().toString()));
    command.addAll(
        List.of(
            "-append",
            "console=ttyS0 quiet panic=-1 no_timer_check rdinit=/init BROKER="
                + plan.broker()
                + " LAMPS="
                + plan.lamps()
                + (plan.sabotage() ? " BARRIER=,nobarrier" : "")));
    command.addAll(
        List.of(
            "-drive",
            "if=virtio,format=raw,cache=writeback,discard=ignore,file=nbd:unix:" + plan.disk()));
    command.addAll(List.of("-netdev", "user,id=n", "-device", "virtio-net-pci,netdev=n,romfile="));
    return new Guest(
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectError(ProcessBuilder.Redirect.appendTo(plan.console().toFile()))
            .start());
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      String line;
      while ((line = lines.readLine()) != null) {
        hear(line.trim());
      }
    } catch (IOException e) {
      // The machine's power is off: what was on its way is not counted as told.
      off();
    }
  }

  /** A line that was cut off, or noise of the firmware, has told nothing. */
  private synchronized void hear(String line) {
    if (!isOn || !line.matches("(found|told)( [0-9]{1,18}){" + LANES + "}")) {
      return;
    }
    String[] words = line.split(" ");
    long[] numbers = new long[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      numbers[lane] = Long.parseLong(words[1 + lane]);
    }
    told =
        words[0].equals("found")
            ? new Told(told.lines(), numbers, told.last())
            : new Told(told.lines() + 1, told.found(), numbers);
    notifyAll();
  }

  synchronized Told told() {
    return told;
  }

  /**
   * Waits until it has told so often.
   *
   * @return whether it has; false: the time is over, or the machine has stopped.
   */
  synchronized boolean awaitTold(int lines, long seconds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (told.lines() < lines && process.isAlive()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        break;
      }
      wait(Math.min(left, 1000));
    }
    return told.lines() >= lines;
  }

  /** What is heard from now on counts no more; called before the disk loses its power. */
  synchronized void off() {
    isOn = false;
  }

  /** Takes the machine away as it is. */
  @Override
  public void close() throws IOException {
    off();
    process.destroyForcibly();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the virtual machine " + process.pid() + " does not end");
      }
      listening.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
