package io.verge.runtime;

import io.verge.autonomy.RuleWorker;
import io.verge.config.FileTrouble;
import io.verge.local.BusView;
import io.verge.local.ProblemView;
import io.verge.local.SampleView;
import io.verge.local.UplinkView;
import io.verge.model.Stamp;
import io.verge.poll.BusWorker;
import io.verge.store.StoreFiles;
import io.verge.store.StoreView;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What is wrong with a gateway, in the order in which a person would mend it, and what to do. */
final class Troubles {
  /** So many buses that are down are told one by one. */
  private static final int ALONE_MAX = 4;

  private static final long REFUSED_MS = 7L * 86_400_000;

  private final Gateway gateway;

  Troubles(Gateway gateway) {
    this.gateway = gateway;
  }

  /** Just started: its turn to be opened has not come. */
  static boolean isUntried(BusView bus) {
    return bus.why().equals(BusWorker.UNTRIED);
  }

  List<ProblemView> of(List<BusView> buses, List<UplinkView> uplinks, Stamp now) {
    List<ProblemView> problems = new ArrayList<>();
    problems.addAll(buses(buses));
    for (UplinkView uplink : uplinks) {
      if (!uplink.isWell() && !uplink.why().isEmpty()) {
        problems.add(
            new ProblemView(
                "uplink is " + uplink.state() + ": " + uplink.why(),
                uplink.name(),
                null,
                uplink.stateMs(),
                "Modem, SIM, back end's address: verge doctor, verge uplink. Nothing is lost."));
      } else if (!uplink.why().isEmpty()) {
        problems.add(
            new ProblemView(
                uplink.why(),
                uplink.name(),
                null,
                null,
                "The back end's log says why; what is refused for good is declared: verge uplink"));
      }
      refused(uplink, now).ifPresent(problems::add);
    }
    problems.addAll(raised(now));
    String trouble = gateway.store().view().trouble();
    if (!trouble.isEmpty()) {
      problems.add(new ProblemView(trouble, "store", null, null, remedy()));
    }
    if (!gateway.store().view().isDurable()) {
      problems.add(
          new ProblemView(
              "the store lives in memory, since the disk could not be written at the start: a stop"
                  + " loses what is not delivered",
              "store",
              null,
              null,
              "Mend the disk (df, mount, dmesg; may "
                  + gateway.data()
                  + " be written?), then restart: systemctl restart verge"));
    }
    problems.addAll(damaged());
    if (!now.hasUtc()) {
      problems.add(
          new ProblemView(
              "the clock is not trusted",
              "clock",
              null,
              null,
              "timedatectl timesync-status; samples are kept and dated later"));
    }
    return problems;
  }

  /**
   * Asked of the disk itself, and only while the store is in trouble. Linux makes a file system
   * read-only when its device fails, and not every kernel says so in its table of mounts.
   */
  private String remedy() {
    try {
      Files.delete(Files.createTempFile(gateway.data(), "probe", null));
      return "Check the disk: df, dmesg";
    } catch (IOException e) {
      String why = FileTrouble.why(e);
      return why.contains("Read-only")
          ? "The file system has become read-only: dmesg says why. Restart; a card that does it"
              + " again is worn or damaged: replace it"
          : "Check the disk: df, dmesg (" + why + ")";
    }
  }

  /** Told for a week; verge uplink tells it for ever. */
  private Optional<ProblemView> refused(UplinkView uplink, Stamp now) {
    StoreView.Refused refused = gateway.store().view().refused().get(uplink.name());
    if (refused == null
        || refused.utcMs() > 0 && now.hasUtc() && now.utcMs() - refused.utcMs() > REFUSED_MS) {
      return Optional.empty();
    }
    return Optional.of(
        new ProblemView(
            refused.batches()
                + (refused.batches() == 1 ? " batch" : " batches")
                + " refused for good, last "
                + String.join(", ", refused.last()),
            uplink.name(),
            refused.utcMs() > 0 ? Instant.ofEpochMilli(refused.utcMs()).toString() : null,
            null,
            "Declared to the back end as lost, and still in the history here: verge events"));
  }

  /** They are never deleted, and no limit counts them: somebody has to. */
  private List<ProblemView> damaged() {
    SortedMap<String, Long> files;
    try {
      files = StoreFiles.damaged(gateway.file());
    } catch (IOException e) {
      return List.of(
          new ProblemView(
              "the store's folder can't be listed: " + e.getMessage(),
              "store",
              null,
              null,
              "Check the disk: df, dmesg"));
    }
    if (files.isEmpty()) {
      return List.of();
    }
    long mib = files.values().stream().mapToLong(Long::longValue).sum() >> 20;
    return List.of(
        new ProblemView(
            "a damaged store was put aside: "
                + files.firstKey()
                + (files.size() > 1 ? " and " + (files.size() - 1) + " more files" : "")
                + ", "
                + mib
                + " MiB",
            "store",
            null,
            null,
            "What could be read is in the new one (event store.salvaged); once that came,"
                + " copy the files from "
                + gateway.data()
                + " and delete them. A second time: replace the card"));
  }

  private static List<ProblemView> buses(List<BusView> buses) {
    List<ProblemView> problems = new ArrayList<>();
    List<BusView> down =
        buses.stream().filter(bus -> bus.state().equals("down") && !isUntried(bus)).toList();
    if (down.size() > ALONE_MAX) {
      List<String> names = down.stream().map(BusView::name).toList();
      problems.add(
          new ProblemView(
              down.size() + " buses are down: " + String.join(", ", names),
              "buses",
              null,
              null,
              "One cause for all? Adapter, hub or supply. verge doctor"));
    } else {
      for (BusView bus : down) {
        problems.add(
            new ProblemView(
                "bus is down: " + bus.why(),
                bus.name(),
                null,
                null,
                "Is " + bus.port() + " there? verge doctor"));
      }
    }
    for (BusView bus : buses) {
      if (bus.state().equals("up") && !bus.silent().isEmpty()) {
        problems.add(silent(bus));
      }
    }
    return problems;
  }

  private static ProblemView silent(BusView bus) {
    boolean all = bus.silent().size() == bus.devices() && bus.devices() > 1;
    String what =
        bus.devices() == 1
            ? bus.silent().get(0) + " does not answer"
            : bus.silent().size()
                + " of "
                + bus.devices()
                + " devices do not answer: "
                + String.join(", ", bus.silent());
    return new ProblemView(
        what,
        bus.name(),
        null,
        null,
        all
            ? "All at once: check A, B, termination and speed; raw frames: verge trace "
                + bus.name()
            : "Check its supply and wiring, then: verge read "
                + bus.silent().get(0)
                + "; raw frames: verge trace "
                + bus.name());
  }

  /** A line a rule, whatever the number of assets it holds for. */
  private List<ProblemView> raised(Stamp now) {
    Map<String, List<RuleWorker.Raised>> byRule = new LinkedHashMap<>();
    for (RuleWorker.Raised one : gateway.rules().raised()) {
      byRule.computeIfAbsent(one.rule(), unused -> new ArrayList<>()).add(one);
    }
    List<ProblemView> problems = new ArrayList<>();
    byRule.forEach(
        (rule, raised) -> {
          RuleWorker.Raised first = raised.get(0);
          List<String> assets = raised.stream().map(RuleWorker.Raised::asset).toList();
          problems.add(
              new ProblemView(
                  rule + ": " + String.join(", ", assets),
                  "rules",
                  SampleView.utc(first.since()),
                  now.monoMs() - first.since().monoMs(),
                  "verge read " + first.asset()));
        });
    return problems;
  }
}
