package io.verge.uplink;

/**
 * One attempt at a connection to one back end: made, opened once, closed once; the next attempt
 * gets a new one. {@code close} is called by the uplink thread, {@code send} by it or from within
 * {@link Listener#taken}; the listener is called on library threads and never waits.
 */
public interface UplinkTransport extends AutoCloseable {
  /** What a message is; the transport maps it to a topic or a resource. */
  enum Kind {
    HELLO,
    CATALOG,
    BATCH,
    STATE
  }

  /** What a connection tells. */
  interface Listener {
    /** Connected, and ready for {@link #send}. */
    void up();

    /**
     * Not connected (any more). Called at most once, also when {@code open} fails.
     *
     * @param refused the other side said no (credentials, identity): trying soon will not help.
     */
    void down(String why, boolean refused);

    /** The other side's transport has taken this message: PUBACK, or a 2.xx response. */
    void taken(long token);

    /** This message was refused or timed out while the connection stays up. */
    void failed(long token, String why);

    /** An ack message (design section 8), as its bytes. */
    void ack(byte[] message);

    /** A command message, as its bytes. */
    void command(byte[] message);

    /** The back end says that it cannot take this message, now or ever. */
    default void rejected(long token, String why) {
      failed(token, why);
    }

    /**
     * A message that is not this gateway's: for another one, or of no known kind.
     *
     * @param where the topic or path it came by, as it came.
     */
    default void foreign(String where, int bytes) {}

    /** A message on a topic that a codec subscribed to. */
    default void message(String topic, byte[] payload) {
      foreign(topic, payload.length);
    }

    /** A message to this gateway that makes no sense. */
    default void refused(String why) {}

    /** Connected, but somebody else has to come before there is an {@link #up}. */
    default void waiting(String why) {}

    /** The other side will never take this, and said so; what was under way goes on. */
    default void discarded(String why) {}
  }

  /** Begins to connect; returns at once. */
  void open(Listener listener);

  /**
   * Begins to send; returns at once. At most 8 messages are under way at a time.
   *
   * @param token names the message to the listener.
   */
  void send(Kind kind, long token, byte[] message);

  /** Shorter batches may be sent lightly; they tell nothing of how much the link carries. */
  int SHORT_BYTES = 1200;

  /**
   * The same for a batch that only the back end's ack can answer: where that saves bytes, the
   * transport does not ask for a confirmation of its own, and {@link Listener#taken} is not called.
   */
  default void sendLightly(long token, byte[] batch) {
    send(Kind.BATCH, token, batch);
  }

  /** Bytes at the socket since {@code open}: index 0 sent, 1 received. */
  long[] byteCounts();

  /** Idempotent; no listener call follows its return. Returns within a second. */
  @Override
  void close();
}
