package io.verge.local;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the control socket asks of the gateway. Called by the local server's thread only; every call
 * returns at once, from snapshots, and never waits for a bus, the store or the link. Consumers
 * given here only enqueue and ring; they may be called by any thread.
 */
public interface Desk {
  StatusView status();

  /**
   * The last known value of each point, in catalog order.
   *
   * @param pattern what {@link TargetPattern#parse} accepts; null: all.
   */
  List<PointView> points(@Nullable String pattern);

  /**
   * Reads a device now, out of turn.
   *
   * @param target an asset, or {@code asset/point}.
   * @param answer told once: {@link Reply.Done} with a {@link SampleView}, also when the device did
   *     not answer (its quality says so).
   */
  void read(String target, Consumer<Reply> answer);

  /**
   * Sets a lamp's level, absolute.
   *
   * @param level 0..100, per cent; 0 is off.
   * @param forMs after so many milliseconds the plan returns; 0: no limit.
   * @param answer told once: {@link Reply.Done} with a {@link CommandView} in a final state.
   */
  void lamp(String target, long level, long forMs, Consumer<Reply> answer);

  /**
   * Gives a lamp back to the plan.
   *
   * @param answer told once: {@link Reply.Done} with a {@link CommandView} in a final state.
   */
  void release(String target, Consumer<Reply> answer);

  /**
   * Sets what a device measures by: the distances of a container, the total of a meter.
   *
   * @param op {@code calibrate} or {@code set-total}.
   * @param args as {@link io.verge.driver.Order} names them.
   * @param answer told once: {@link Reply.Done} with a {@link CommandView} in a final state.
   */
  void adjust(String target, String op, Map<String, Object> args, Consumer<Reply> answer);

  BufferView buffer();

  /**
   * Has batches sent once more.
   *
   * @param uplink its name, or null: the only one.
   */
  void resend(@Nullable String uplink, String lane, long first, long last, Consumer<Reply> answer);

  List<UplinkView> uplinks();

  /** The latest events, oldest first, at most {@code most}. */
  List<EventView> events(int most);

  /**
   * Tells every sample and event from now on, after it was handed to the store.
   *
   * @return ends it; idempotent. A call under way may still come through.
   */
  Runnable watch(Consumer<ItemView> item);

  /**
   * Tells the last frames of a bus, then each as it passes.
   *
   * @return ends it, as for {@link #watch}; null: no such bus.
   */
  @Nullable Runnable trace(String bus, Consumer<FrameView> frame);

  /** The latest commands, oldest first, at most {@code most}. */
  List<CommandView> commands(int most);

  /** The versions of the configuration, newest first. */
  List<VersionView> configs();

  /** The text of a version, {@link ConfigText}; 0: of the one that runs. */
  Reply configText(long number);

  /**
   * Changes the configuration; the gateway then starts anew.
   *
   * @param answer told once: {@link Reply.Done} with a {@link VersionView}, the one that is active
   *     now.
   */
  void config(ConfigChange change, Consumer<Reply> answer);

  /**
   * An acceptance test has ended; the city hears of it as an event.
   *
   * @return {@link Reply.Done} with the event.
   */
  Reply commissioned(Commissioned test);

  /**
   * An update of the system has ended; the city hears of it as an event.
   *
   * @return {@link Reply.Done} with the event.
   */
  Reply systemUpdated(SystemUpdated update);

  /**
   * The past of a point, by age; page by page, the newest page first, oldest first within a page.
   *
   * @param target {@code asset/point}.
   * @return null: no such point.
   */
  @Nullable Past history(String target, long sinceMs, long untilMs);

  /** A search under way. */
  interface Past {
    /**
     * @param page told once, from any thread.
     */
    void next(Consumer<Page> page);
  }

  /**
   * @param more whether there is another page.
   * @param why the past can't be read, or empty.
   */
  record Page(List<HistoryView> readings, boolean more, String why) {}
}
