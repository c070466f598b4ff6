package io.verge.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the versions of a configuration; a value, and how it changes.
 *
 * @param versions oldest first.
 * @param active number of the one that runs; 0: none yet.
 * @param fileSha256 of the configuration file when it was last taken over, hex.
 * @param trial set while the active version must still prove itself.
 */
record ConfigIndex(List<Version> versions, long active, String fileSha256, @Nullable Trial trial) {
  static final ConfigIndex EMPTY = new ConfigIndex(List.of(), 0, "", null);

  /** Older ones are forgotten. */
  static final int KEPT = 20;

  static final String ACTIVE = "active";
  static final String FORMER = "former";
  static final String RETURNED = "returned";
  static final String ON_TRIAL = "trial";

  /**
   * A version under trial.
   *
   * @param previous what returns if it fails.
   * @param ailing buses, assets and uplinks that did not work before it came.
   */
  record Trial(long number, long previous, long withinMs, boolean byHand, Set<String> ailing) {}

  /**
   * @param who who brought it; {@code file}: somebody edited the file.
   * @param atMs UTC milliseconds; 0 where the clock was not trusted.
   * @param request id of the command it came by; may be empty.
   */
  record Version(
      long number,
      String state,
      String who,
      long atMs,
      String sha256,
      String request,
      String note) {
    Version as(String newState, @Nullable String newNote) {
      return new Version(
          number, newState, who, atMs, sha256, request, newNote == null ? note : newNote);
    }
  }

  boolean has(long number) {
    return versions.stream().anyMatch(version -> version.number() == number);
  }

  Version version(long number) {
    return versions.stream()
        .filter(version -> version.number() == number)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no version " + number));
  }

  long last() {
    return versions.stream().mapToLong(Version::number).max().orElse(0);
  }

  /** The version before the active one that was not given back; 0: none. */
  long before() {
    return versions.stream()
        .filter(version -> version.state().equals(FORMER))
        .mapToLong(Version::number)
        .max()
        .orElse(0);
  }

  /** The file holds, as a new version; a trial under way ends. */
  ConfigIndex withFile(Version version) {
    Trial open = trial;
    ConfigIndex ended =
        open == null
            ? marked(active, FORMER, null)
            : returned(open, "the file was edited").former();
    return new ConfigIndex(
        ended.plus(version.as(ACTIVE, null)), version.number(), version.sha256(), null);
  }

  private ConfigIndex former() {
    return marked(active, FORMER, null);
  }

  ConfigIndex withTrial(Version version, long withinMs, boolean byHand, Set<String> ailing) {
    return new ConfigIndex(
        former().plus(version.as(ON_TRIAL, null)),
        version.number(),
        fileSha256,
        new Trial(version.number(), active, withinMs, byHand, ailing));
  }

  ConfigIndex confirmed(String how) {
    return new ConfigIndex(marked(active, ACTIVE, how).versions, active, fileSha256, null);
  }

  /** The version before the trial holds again. */
  ConfigIndex returned(Trial failed, String why) {
    ConfigIndex marked =
        marked(failed.number(), RETURNED, why).marked(failed.previous(), ACTIVE, null);
    return new ConfigIndex(marked.versions, failed.previous(), fileSha256, null);
  }

  /** Without the oldest that nobody can need. */
  ConfigIndex pruned() {
    List<Version> kept = new ArrayList<>(versions);
    Trial open = trial;
    for (Version version : versions) {
      boolean needed =
          version.number() == active || (open != null && version.number() == open.previous());
      if (kept.size() > KEPT && !needed) {
        kept.remove(version);
      }
    }
    return new ConfigIndex(List.copyOf(kept), active, fileSha256, trial);
  }

  private List<Version> plus(Version version) {
    List<Version> more = new ArrayList<>(versions);
    more.add(version);
    return more;
  }

  private ConfigIndex marked(long number, String state, @Nullable String note) {
    List<Version> marked =
        versions.stream()
            .map(version -> version.number() == number ? version.as(state, note) : version)
            .toList();
    return new ConfigIndex(marked, active, fileSha256, trial);
  }

  /** Whether what came from a file is whole. */
  boolean isWhole() {
    return versions != null
        && fileSha256 != null
        && versions.stream()
            .allMatch(
                version ->
                    version != null
                        && version.state() != null
                        && version.who() != null
                        && version.sha256() != null
                        && version.request() != null
                        && version.note() != null)
        && (active == 0 || has(active))
        && (trial == null
            || (trial.number() == active && trial.ailing() != null && has(trial.previous())));
  }
}
