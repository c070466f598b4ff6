package io.verge.uplink;

import io.verge.model.Catalog;
import io.verge.model.Command;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a back end with topics of its own is spoken to, for one connection. Called under one lock;
 * never waits.
 */
interface Dialect {
  /**
   * A message on its way.
   *
   * @param bytes asked once, when it is sent.
   * @param reply the answer that takes it, by its id; empty: the transport does.
   */
  record Saying(String topic, int qos, Supplier<byte[]> bytes, String reply) {
    static Saying of(String topic, int qos, byte[] bytes) {
      return new Saying(topic, qos, () -> bytes, "");
    }
  }

  /** What a dialect has done for it. */
  interface Mouth {
    /** The back end is there; batches may come. */
    void ready();

    /** Somebody has to come first. */
    void waiting(String why);

    /** This connection is of no more use. */
    void end(String why);

    /** Before everything that waits. */
    void say(List<Saying> messages);

    /**
     * An answer to a {@link Saying}.
     *
     * @param refusal null: taken.
     * @param again whether it may be taken another time.
     */
    void replied(String id, @Nullable String refusal, boolean again);

    void command(Command command);

    /** What came makes no sense. */
    void refused(String why);
  }

  /**
   * @throws IOException if a secret can't be read.
   */
  BrokerLink.Login login(Stamp now) throws IOException;

  /** The broker is there and knows what is subscribed to. */
  void connected(Mouth mouth, Stamp now);

  void heard(Mouth mouth, String topic, byte[] payload, Stamp now);

  /**
   * @return in the order in which they are to be sent; none if there is nothing to say.
   */
  List<Saying> render(Batch batch, Catalog catalog, Stamp now);

  /** The gateway stops in order. */
  default void goodbye(Mouth mouth, Stamp now) {}

  /** Messages under way at a time. */
  int window();

  /** Whether a batch is taken only after a {@link BrokerLink#barrier}. */
  default boolean needsBarrier() {
    return false;
  }
}
