package io.verge.store;

import io.verge.model.Lane;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The store as an uplink sees it. Methods only enqueue and return at once, from any thread; answers
 * arrive on the store thread, where a receiver may do no more than enqueue and ring.
 */
public interface BatchSource {
  void marks(String uplink, Consumer<StoreMarks> receiver);

  /**
   * The first batch of the lane with a number above {@code afterBseq} that is on disk, acked or
   * not.
   */
  void next(String uplink, Lane lane, long afterBseq, Consumer<Optional<StoredBatch>> receiver);

  /**
   * Everything of the lane up to {@code bseq} is committed by the back end; ignored for another
   * epoch.
   */
  void ack(String uplink, Lane lane, long epoch, long bseq);

  /**
   * This uplink's back end will never take this batch: from now on {@link #next} hands this uplink,
   * and no other, a batch of the same number in its place, which declares the batch's numbers lost
   * with reason {@code refused}; ignored for another epoch.
   */
  void refuse(String uplink, Lane lane, long epoch, long bseq);

  /** The catalog message (coding byte first) of a revision; empty if it is not stored. */
  void catalog(long rev, Consumer<Optional<byte[]>> receiver);

  /** Tells the seal policy whether this uplink's session is up. */
  void link(String uplink, boolean up);

  /**
   * What the uplink's link was seen to carry; batches sealed from now on are no larger than leaves
   * it in a while, so that events need not wait long behind one.
   *
   * @param bytesPerSecond more than 0.
   */
  void linkRate(String uplink, long bytesPerSecond);

  /** {@code listener} is run on the store thread after each seal; it only rings. */
  void onSealed(Runnable listener);
}
