package io.verge.update;

import io.verge.time.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Updates the system below the gateway: kernel, Debian, Java runtime, and the package's own
 * application. It is written to the slot that does not run, started on trial, and confirmed when
 * the gateway in it is as well as it was before; else the machine goes back to the slot before, by
 * itself or by its boot loader.
 */
public final class SystemUpdater {
  /**
   * Where the system stands.
   *
   * @param slot which slot runs, {@code A} or {@code B}.
   * @param version of the system that runs.
   * @param trial the version that must still prove itself; empty: none.
   * @param outcome how the last update ended: {@code confirmed}, {@code rolled-back}, {@code
   *     interrupted}; empty: there was none.
   * @param lastVersion version of that update.
   * @param why what was lacking.
   */
  public record State(
      String slot, String version, String trial, String outcome, String lastVersion, String why) {}

  /** How a trial that was open at a start has ended. */
  public enum Settled {
    NOTHING_OPEN,
    CONFIRMED,
    /** The machine restarts into the system before. */
    GOING_BACK,
    /** The system before runs, and what was open is closed. */
    BACK
  }

  private final Path root;
  private final Slots slots;
  private final Host host;
  private final Ticker ticker;
  private final Updater.Patience patience;
  private final Disk disk;
  private final Applications applications;
  private final Records records;

  /**
   * @param root as of {@link Updater}: one of both updates at a time.
   */
  public SystemUpdater(
      Path root, Slots slots, Host host, Ticker ticker, Updater.Patience patience) {
    this(root, slots, host, ticker, patience, new Disk());
  }

  SystemUpdater(
      Path root, Slots slots, Host host, Ticker ticker, Updater.Patience patience, Disk disk) {
    this.root = root;
    this.slots = slots;
    this.host = host;
    this.ticker = ticker;
    this.patience = patience;
    this.disk = disk;
    this.applications = new Applications(root, List.of(), disk);
    this.records = new Records(root, disk);
  }

  /** Null: this machine has one system. */
  public @Nullable State state() throws IOException {
    Slots.Running running = slots.running().orElse(null);
    if (running == null) {
      return null;
    }
    Records.SystemTrial trial = records.systemTrial();
    Records.Last last = records.systemLast();
    return new State(
        running.slot(),
        running.version().text(),
        trial == null ? "" : trial.version(),
        last == null ? "" : last.outcome(),
        last == null ? "" : last.version(),
        last == null ? "" : last.why());
  }

  /** What {@link #apply} would refuse, found without changing anything; answers the version. */
  public Version check(Path bundle) throws IOException, UpdateException {
    return check(bundle, running());
  }

  private Slots.Running running() throws IOException, UpdateException {
    return slots
        .running()
        .orElseThrow(
            () ->
                new UpdateException(
                    "this machine was not started from one of two systems, so none can be replaced",
                    "apt-get brings updates of Debian; of an image: write a new one"));
  }

  private Version check(Path bundle, Slots.Running running) throws IOException, UpdateException {
    if (!slots.trusts()) {
      throw new UpdateException(
          "this gateway trusts nobody to sign systems",
          "give a certificate in a site file: system.image_ca");
    }
    Slots.Offer offer = slots.offer(bundle);
    if (!offer.compatible().equals(running.compatible())) {
      throw new UpdateException(
          bundle + " is for " + offer.compatible() + ", this gateway is " + running.compatible(),
          "take the bundle that was made for it");
    }
    if (!Version.isOne(offer.version())) {
      throw new UpdateException(
          bundle + " calls its version \"" + offer.version() + "\", which has no order",
          "make it anew with a version like 0.2.0: packaging/build image-update --version");
    }
    Version version = new Version(offer.version());
    if (!version.isNewerThan(running.version())) {
      throw new UpdateException(
          bundle
              + ": "
              + version
              + " is not newer than the system "
              + running.version()
              + ", which runs",
          "only newer ones are taken");
    }
    return version;
  }

  /**
   * Writes a bundle's system to the other slot and has the machine start it, some seconds after
   * this returns; {@link #settle} judges it there.
   *
   * @return the version.
   */
  public Version apply(Path bundle) throws IOException, UpdateException {
    disk.folder(root);
    return UpdateLock.holding(root, () -> applyAlone(bundle));
  }

  private Version applyAlone(Path bundle) throws IOException, UpdateException {
    refuseWhileSomethingIsOpen();
    Slots.Running running = running();
    Version version = check(bundle, running);
    Records.SystemTrial trial =
        new Records.SystemTrial(
            version.text(), running.version().text(), running.other(), false, "", host.health());
    records.systemTrial(trial);
    host.tell("writing the system " + version + " to slot " + trial.slot());
    try {
      slots.install(bundle);
    } catch (UpdateException e) {
      end(trial, "interrupted", String.valueOf(e.getMessage()));
      throw e;
    }
    records.systemTrial(trial.written());
    host.tell("starting " + version + " from slot " + trial.slot());
    slots.reboot();
    return version;
  }

  private void refuseWhileSomethingIsOpen() throws IOException, UpdateException {
    Records.Trial application = records.trial();
    Records.SystemTrial system = records.systemTrial();
    String open =
        application != null ? application.version() : system != null ? system.version() : null;
    if (open != null || !slots.onTrial().isEmpty()) {
      throw new UpdateException(
          "the update to "
              + (open == null ? "another system" : open)
              + " has not proved itself yet",
          "wait for it: verge update status");
    }
  }

  /** Judges a system on trial, or closes one that has failed; run at every start. */
  public Settled settle() throws IOException, UpdateException {
    Slots.Running running = slots.running().orElse(null);
    if (running == null) {
      return Settled.NOTHING_OPEN;
    }
    if (records.systemTrial() == null && slots.onTrial().isEmpty()) {
      return Settled.NOTHING_OPEN;
    }
    disk.folder(root);
    return UpdateLock.holding(root, () -> settleAlone(running));
  }

  private Settled settleAlone(Slots.Running running) throws IOException {
    Records.SystemTrial trial = records.systemTrial();
    String onTrial = slots.onTrial();
    if (onTrial.equals(running.slot())) {
      return judge(trial == null ? unrecorded(running) : trial);
    }
    if (!onTrial.isEmpty()) {
      slots.drop();
    }
    if (trial == null) {
      host.tell("the system in slot " + onTrial + " did not start; " + running.version() + " runs");
      return Settled.BACK;
    }
    return trial.slot().equals(running.slot()) ? left(trial) : back(trial, onTrial);
  }

  /** It runs and is no more on trial: what came after the verdict was cut off. */
  private Settled left(Records.SystemTrial trial) throws IOException {
    if (!trial.refused().isEmpty()) {
      slots.reboot();
      return Settled.GOING_BACK;
    }
    end(trial, "confirmed", "");
    return Settled.CONFIRMED;
  }

  /** The system before it runs. */
  private Settled back(Records.SystemTrial trial, String onTrial) throws IOException {
    if (!trial.refused().isEmpty()) {
      end(trial, "rolled-back", trial.refused());
    } else if (onTrial.isEmpty() && !trial.isWritten()) {
      end(trial, "interrupted", "the power failed while it was written");
    } else {
      end(trial, "rolled-back", "it did not start, or went down before it was judged");
    }
    return Settled.BACK;
  }

  /** Somebody has had it written by other means than {@link #apply}. */
  private static Records.SystemTrial unrecorded(Slots.Running running) {
    return new Records.SystemTrial(running.version().text(), null, running.slot(), true, "", null);
  }

  private Settled judge(Records.SystemTrial trial) throws IOException {
    host.tell("the system " + trial.version() + " in slot " + trial.slot() + " is on trial");
    List<String> lacking =
        trial.refused().isEmpty()
            ? Judge.lacking(trial.before(), null, host, ticker, patience)
            : List.of(trial.refused());
    if (lacking.isEmpty()) {
      slots.confirm();
      end(trial, "confirmed", "");
      renewArchive();
      return Settled.CONFIRMED;
    }
    String why = String.join("; ", lacking);
    // First the reason: a power cut from here on changes nothing about the verdict.
    records.systemTrial(trial.refusedFor(why));
    host.tell("going back from the system " + trial.version() + ": " + why);
    slots.drop();
    slots.reboot();
    return Settled.GOING_BACK;
  }

  /** An application's archive of classes belongs to the Java runtime of the system before. */
  private void renewArchive() throws IOException {
    Version current = applications.current().orElse(null);
    if (current == null) {
      return;
    }
    try {
      host.prepare(applications.folder(current));
    } catch (UpdateException e) {
      host.tell(current + " runs, but: " + e.getMessage());
    }
  }

  private void end(Records.SystemTrial trial, String outcome, String why) throws IOException {
    records.systemLast(new Records.Last(trial.version(), trial.previous(), outcome, why));
    records.endSystemTrial();
    host.tell("the system " + trial.version() + ": " + outcome + (why.isEmpty() ? "" : ": " + why));
  }
}
