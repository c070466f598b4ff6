package io.verge.uplink;

import io.verge.model.Lane;
import io.verge.wire.Ack;
import java.util.EnumSet;
import java.util.Set;

/**
 * Judges what the other side says it has committed: which acks can be meant, what time they tell,
 * and how far they move their lanes. Uplink thread only.
 */
final class Acks {
  /** A back end's clock beyond the year 9999 is no clock. */
  private static final long UTC_MS_MAX = 253_402_300_799_999L;

  private final Effects effects;
  private final SessionNews news;
  private final Flow flow;
  private final Delivery delivery;

  /** Lanes whose first ack after the hello is still to come. */
  private final Set<Lane> greeted = EnumSet.noneOf(Lane.class);

  private long helloNanos;

  Acks(Effects effects, SessionNews news, Flow flow, Delivery delivery) {
    this.effects = effects;
    this.news = news;
    this.flow = flow;
    this.delivery = delivery;
  }

  /** The hello is said: each lane's next ack answers it. */
  void asked(long now) {
    helloNanos = now;
    greeted.addAll(EnumSet.allOf(Lane.class));
  }

  /** The connection is over. */
  void forget() {
    greeted.clear();
  }

  /** Whether it can be an ack of what was sent; if not, that is counted and told. */
  boolean canBe(Ack ack) {
    if (ack.epoch() == delivery.epoch()
        && ack.bseq() >= 0
        && flow.lane(ack.lane()).canBeAcked(ack.bseq())) {
      return true;
    }
    news.ackIgnored(
        "acks_ignored",
        ack.epoch() != delivery.epoch()
            ? "ack for another epoch"
            : "ack for batch " + ack.bseq() + ", which was not sent");
    return false;
  }

  /**
   * Moves the ack's lane on, or back where a back end was restored from older data.
   *
   * @return whether the ack answers the hello.
   */
  boolean take(Ack ack, long now) {
    LaneWindow lane = flow.lane(ack.lane());
    effects.count("acks", 1);
    offerTime(ack, lane, now);
    boolean answersHello = greeted.remove(ack.lane());
    if (ack.bseq() > lane.acked()) {
      delivery.committed(lane, ack.bseq(), now);
    } else if (answersHello && ack.bseq() < lane.acked() && lane.underWay() == 0) {
      news.rewound(lane.acked(), ack.bseq());
      lane.rewind(ack.bseq());
    }
    return answersHello;
  }

  /** The ack was made between its question and now. */
  private void offerTime(Ack ack, LaneWindow lane, long now) {
    long asked = greeted.contains(ack.lane()) ? helloNanos : lane.sentNanos(ack.bseq());
    if (asked > 0 && ack.nowMs() > 0 && ack.nowMs() <= UTC_MS_MAX) {
      long half = (now - asked) / 2_000_000;
      effects.offerTime(ack.nowMs() + half, (int) Math.min(Integer.MAX_VALUE, half + 1));
    }
  }
}
