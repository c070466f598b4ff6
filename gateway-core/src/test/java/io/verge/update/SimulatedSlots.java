package io.verge.update;

import io.verge.time.Ticker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A machine with two slots and a boot loader that counts; a bundle's name is its version. */
final class SimulatedSlots implements Slots, Host, Ticker {
  private static final int STARTS = 3;

  /** Systems that start, and whose gateway does nothing of what it should. */
  final Set<String> sick = new HashSet<>();

  /** Systems whose kernel panics. */
  final Set<String> panics = new HashSet<>();

  final List<String> told = new ArrayList<>();
  final List<Path> prepared = new ArrayList<>();
  final Map<String, @Nullable String> written = new HashMap<>(Map.of("A", "1.0", "B", "1.0"));
  boolean trusts = true;
  String compatible = "verge-test";
  @Nullable String refusal;
  int reboots;

  private FaultyDisk power = new FaultyDisk(FaultyDisk.NEVER);
  private String confirmed = "A";
  private String trial = "";
  private int left;
  private String slot = "A";
  private long nanos;

  void poweredBy(FaultyDisk disk) {
    power = disk;
  }

  /** What the boot loader does; a system that panics is started anew. */
  void boot() {
    while (!trial.isEmpty() && left > 0) {
      left--;
      slot = trial;
      if (!panics.contains(version())) {
        return;
      }
    }
    slot = confirmed;
  }

  String version() {
    return String.valueOf(written.get(slot));
  }

  String confirmed() {
    return confirmed;
  }

  @Override
  public Optional<Running> running() {
    return Optional.of(new Running(slot, new Version(version()), "verge-test"));
  }

  @Override
  public boolean trusts() {
    return trusts;
  }

  @Override
  public Offer offer(Path bundle) throws UpdateException {
    if (refusal != null) {
      throw new UpdateException(refusal, "fetch it again");
    }
    return new Offer(compatible, versionOf(bundle));
  }

  private static String versionOf(Path bundle) {
    return String.valueOf(bundle.getFileName()).replace(".raucb", "");
  }

  @Override
  public void install(Path bundle) throws UpdateException {
    String other = slot.equals("A") ? "B" : "A";
    power.step();
    written.put(other, null);
    power.step();
    if (refusal != null) {
      throw new UpdateException(refusal, "fetch it again");
    }
    written.put(other, versionOf(bundle));
    power.step();
    trial = other;
    left = STARTS;
    power.step();
  }

  @Override
  public String onTrial() {
    return trial;
  }

  @Override
  public void confirm() {
    power.step();
    confirmed = slot;
    trial = "";
  }

  @Override
  public void drop() {
    power.step();
    trial = "";
  }

  @Override
  public void reboot() {
    power.step();
    reboots++;
  }

  @Override
  public String arch() {
    return "amd64";
  }

  @Override
  public int java() {
    return 17;
  }

  @Override
  public long freeBytes(Path folder) {
    return 1L << 40;
  }

  @Override
  public void prepare(Path application) {
    prepared.add(application);
  }

  @Override
  public void restart() {
    throw new IllegalStateException("an update of the system restarts the machine");
  }

  @Override
  public Health health() {
    power.step();
    boolean well = !sick.contains(version());
    return new Health("0.1.0", well, Map.of("lamps", well), Map.of("city", well));
  }

  @Override
  public void tell(String line) {
    told.add(line);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleepUntil(long deadlineNanos) {
    nanos = Math.max(nanos, deadlineNanos);
  }
}
