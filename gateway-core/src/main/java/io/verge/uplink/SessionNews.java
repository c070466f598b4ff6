package io.verge.uplink;

import io.verge.model.Severity;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a {@link Session} tells people, as events. What the other side can bring about at will is
 * told once in a connection: once is news, more is noise that somebody else controls. Uplink thread
 * only.
 */
final class SessionNews {
  private final String uplink;
  private final Effects effects;
  private final Set<String> told = new HashSet<>();

  SessionNews(String uplink, Effects effects) {
    this.uplink = uplink;
    this.effects = effects;
  }

  void up() {
    effects.note("uplink.up", Severity.NOTICE, Map.of("uplink", uplink));
  }

  void down(boolean isRefused, String why) {
    effects.note(
        isRefused ? "uplink.refused" : "uplink.down",
        isRefused ? Severity.ERROR : Severity.WARNING,
        Map.of("uplink", uplink, "why", why));
  }

  /** The back end has forgotten what it had acked. */
  void rewound(long from, long to) {
    effects.note(
        "uplink.rewound", Severity.WARNING, Map.of("uplink", uplink, "from", from, "to", to));
  }

  void rejected(Flow.Sent batch, String why) {
    if (told.add("rejected")) {
      effects.note(
          "uplink.batch-rejected",
          Severity.WARNING,
          Map.of("uplink", uplink, "lane", batch.lane().word(), "bseq", batch.bseq(), "why", why));
    }
  }

  void discarded(String why) {
    effects.count("discarded", 1);
    if (told.add("discarded")) {
      effects.note("uplink.discarded", Severity.ERROR, Map.of("uplink", uplink, "why", why));
    }
  }

  /**
   * @param count of acks ignored for reasons of this kind.
   */
  void ackIgnored(String count, String why) {
    effects.count(count, 1);
    if (told.add(count)) {
      effects.note("uplink.ack-ignored", Severity.WARNING, Map.of("uplink", uplink, "why", why));
    }
  }

  /** The connection is over. */
  void forget() {
    told.clear();
  }
}
