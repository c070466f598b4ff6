package io.verge.update;

import io.verge.time.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Updates one gateway. Whatever moment the power fails at, afterwards either the old version is
 * current or the new one is and {@code trial.json} says that it must still prove itself.
 */
public final class Updater {
  /** An archive of classes and the file system's own needs, beside the files themselves. */
  private static final long SPARE_BYTES = 64L << 20;

  /** So many power cuts during one trial are no accident any more. */
  private static final int TRIES_MAX = 3;

  /**
   * How long things take.
   *
   * @param within a new version has so long to become healthy.
   * @param steady it must stay so for this long.
   */
  public record Patience(Duration within, Duration steady) {}

  /**
   * Where an update stands.
   *
   * @param installed version of the package's own application.
   * @param current version that is started; equal to {@code installed} if no bundle was applied.
   * @param trial the version that must still prove itself; empty: none.
   * @param outcome how the last update ended: {@code confirmed}, {@code rolled-back}, {@code
   *     interrupted}; empty: there was none.
   * @param lastVersion version of that update.
   * @param why what was lacking.
   */
  public record State(
      String installed,
      String current,
      String trial,
      String outcome,
      String lastVersion,
      String why) {}

  private final Path root;
  private final Version installed;
  private final Keys keys;
  private final Host host;
  private final Ticker ticker;
  private final Patience patience;
  private final Disk disk;
  private final Applications applications;
  private final Records records;

  /**
   * @param root holds the applications and records; nobody but root may write there.
   * @param bases where the package's own application lies.
   */
  public Updater(
      Path root,
      List<Path> bases,
      Version installed,
      Keys keys,
      Host host,
      Ticker ticker,
      Patience patience) {
    this(root, bases, installed, keys, host, ticker, patience, new Disk());
  }

  Updater(
      Path root,
      List<Path> bases,
      Version installed,
      Keys keys,
      Host host,
      Ticker ticker,
      Patience patience,
      Disk disk) {
    this.root = root;
    this.installed = installed;
    this.keys = keys;
    this.host = host;
    this.ticker = ticker;
    this.patience = patience;
    this.disk = disk;
    this.applications = new Applications(root, bases, disk);
    this.records = new Records(root, disk);
  }

  private Version running() throws IOException {
    return applications.current().orElse(installed);
  }

  public State state() throws IOException {
    Records.Trial trial = records.trial();
    Records.Last last = records.last();
    return new State(
        installed.text(),
        running().text(),
        trial == null ? "" : trial.version(),
        last == null ? "" : last.outcome(),
        last == null ? "" : last.version(),
        last == null ? "" : last.why());
  }

  /** What {@link #apply} would refuse, found without changing anything; answers the version. */
  public Version check(Path file) throws IOException, UpdateException {
    try (Bundle bundle = Bundle.open(file, keys)) {
      check(bundle);
      return bundle.manifest().version();
    }
  }

  /**
   * Applies a bundle and waits until it has proved itself or was rolled back.
   *
   * @return whether the new version stays.
   */
  public boolean apply(Path file) throws IOException, UpdateException {
    disk.folder(root);
    return UpdateLock.holding(root, () -> applyAlone(file));
  }

  private boolean applyAlone(Path file) throws IOException, UpdateException {
    refuseWhileSomethingIsOpen();
    Version version;
    try (Bundle bundle = Bundle.open(file, keys)) {
      check(bundle);
      version = bundle.manifest().version();
      room(bundle);
      host.tell("unpacking " + version + ", signed with " + bundle.signer());
      applications.unpack(bundle);
    }
    host.prepare(applications.folder(version));
    String previous = applications.current().map(Version::text).orElse(null);
    Records.Trial trial = new Records.Trial(version.text(), previous, 0, host.health());
    records.trial(trial);
    applications.switchTo(version);
    host.tell("starting " + version);
    host.restart();
    return judge(trial);
  }

  private void refuseWhileSomethingIsOpen() throws IOException, UpdateException {
    Records.Trial open = records.trial();
    if (open != null) {
      throw new UpdateException(
          "the update to " + open.version() + " has not proved itself yet",
          "wait for it, or: verge update settle");
    }
    Records.SystemTrial system = records.systemTrial();
    if (system != null) {
      throw new UpdateException(
          "the update to the system " + system.version() + " has not proved itself yet",
          "wait for it: verge update status");
    }
  }

  private void check(Bundle bundle) throws IOException, UpdateException {
    Manifest manifest = bundle.manifest();
    if (!manifest.arch().equals(host.arch())) {
      throw new UpdateException(
          bundle + " is for " + manifest.arch() + ", this gateway is " + host.arch(),
          "take the bundle whose name ends in _" + host.arch() + ".vup");
    }
    if (manifest.java() > host.java()) {
      throw new UpdateException(
          bundle + " needs Java " + manifest.java() + ", installed is " + host.java(),
          "install the package of that version, which brings its runtime");
    }
    if (!manifest.version().isNewerThan(running())) {
      throw new UpdateException(
          bundle + " is not newer than " + running() + ", which runs",
          "to go back: verge update rollback");
    }
  }

  private void room(Bundle bundle) throws IOException, UpdateException {
    long needed = applications.needed(bundle) + SPARE_BYTES;
    long free = host.freeBytes(root);
    if (free < needed) {
      throw new UpdateException(
          "the disk has room for " + (free >> 20) + " MiB more, the update takes " + (needed >> 20),
          "make room: verge buffer says what the store holds; journalctl --vacuum-size=16M");
    }
  }

  /**
   * Ends what a power cut left open; run at every start of the machine.
   *
   * @return whether the version that is current now is meant to be; true if nothing was open.
   */
  public boolean settle() throws IOException, UpdateException {
    if (records.trial() == null) {
      return true;
    }
    return UpdateLock.holding(root, this::settleAlone);
  }

  private boolean settleAlone() throws IOException {
    Records.Trial trial = records.trial();
    if (trial == null) {
      return true;
    }
    if (!applications.current().equals(Optional.of(trial.to()))) {
      end(trial, "interrupted", "the power failed while it was put in place or taken back");
      restartUnless(running());
      return false;
    }
    Records.Trial again = trial.again();
    records.trial(again);
    if (again.tries() > TRIES_MAX) {
      rollback(again, "the machine went down " + TRIES_MAX + " times while it was on trial");
      return false;
    }
    restartUnless(trial.to());
    return judge(again);
  }

  /** A gateway that does not answer yet is being started by the machine. */
  private void restartUnless(Version wanted) throws IOException {
    Health now = host.health();
    if (now != null && !now.version().equals(wanted.text())) {
      host.restart();
    }
  }

  /**
   * Goes back to the version before the last confirmed update, or to the package's own.
   *
   * @return the version that is started now.
   */
  public Version rollback() throws IOException, UpdateException {
    disk.folder(root);
    return UpdateLock.holding(root, this::rollbackAlone);
  }

  private Version rollbackAlone() throws IOException, UpdateException {
    Version from =
        applications
            .current()
            .orElseThrow(
                () ->
                    new UpdateException(
                        "the package's own version " + installed + " runs",
                        "an older package: apt-get install verge=VERSION"));
    Records.Last last = records.last();
    Version to = last == null || last.previous() == null ? null : new Version(last.previous());
    boolean isThere = to != null && !to.equals(from) && Files.isDirectory(applications.folder(to));
    rollback(
        new Records.Trial(from.text(), isThere && to != null ? to.text() : null, 0, null),
        "somebody asked for it");
    return running();
  }

  private boolean judge(Records.Trial trial) throws IOException {
    List<String> lacking = Judge.lacking(trial.before(), trial.to(), host, ticker, patience);
    if (lacking.isEmpty()) {
      end(trial, "confirmed", "");
      tidy(trial);
      return true;
    }
    rollback(trial, String.join("; ", lacking));
    return false;
  }

  private void rollback(Records.Trial trial, String why) throws IOException {
    host.tell("going back from " + trial.version() + ": " + why);
    applications.switchTo(trial.back());
    host.restart();
    end(trial, "rolled-back", why);
  }

  private void end(Records.Trial trial, String outcome, String why) throws IOException {
    records.last(new Records.Last(trial.version(), trial.previous(), outcome, why));
    records.endTrial();
  }

  /** Keeps what runs and what can be gone back to. */
  private void tidy(Records.Trial trial) throws IOException {
    List<Version> kept = new ArrayList<>(List.of(trial.to()));
    Version back = trial.back();
    if (back != null) {
      kept.add(back);
    }
    applications.tidy(kept);
  }
}
