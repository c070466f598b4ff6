package io.verge.local;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The link to one back end.
 *
 * @param kind {@code mqtt} or {@code coap}.
 * @param server host and port.
 * @param state {@code up}, {@code resting} (nothing to send, and not connected for that), {@code
 *     connecting} or {@code down}.
 * @param why why it is not up; while it is, what is in its way; or empty.
 * @param stateMs in this state for so many milliseconds.
 * @param nextTryMs milliseconds to the next attempt; null while up or connecting.
 * @param ack {@code application} or {@code broker}: who says that a batch is safe, the back end or
 *     what stands before it.
 * @param inFlight batches sent and not acked.
 * @param lastAckMs milliseconds since the last ack; null: none in this run.
 * @param monthBytes bytes counted at the socket this month, both directions.
 * @param budgetBytes bytes a month may take; 0: no limit.
 * @param codec in which words it is told: {@code verge}, {@code sparkplug-b} and so on.
 * @param delivered what it takes for a batch to be counted as acked here, as a sentence.
 * @param refused batches that this back end refused for good: declared lost to it, still here.
 * @param refusedLast lane and number of the last ones.
 * @param month the bytes of the month in more detail.
 * @param keepAliveMs silence after which the link is probed.
 * @param recovery what is done about the modem, the same for all uplinks; null: nothing.
 */
public record UplinkView(
    String name,
    String kind,
    String server,
    String state,
    String why,
    long stateMs,
    @Nullable Long nextTryMs,
    String ack,
    long inFlight,
    @Nullable Long lastAckMs,
    List<CursorView> lanes,
    long monthBytes,
    long budgetBytes,
    String codec,
    String delivered,
    long refused,
    List<String> refusedLast,
    MonthView month,
    long keepAliveMs,
    @Nullable RecoveryView recovery) {
  /** Nothing is wrong with it. */
  public boolean isWell() {
    return state.equals("up") || state.equals("resting");
  }

  public UplinkView {
    lanes = List.copyOf(lanes);
    refusedLast = List.copyOf(refusedLast);
  }
}
