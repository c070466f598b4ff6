package io.verge.uplink;

import io.verge.model.Lane;
import io.verge.model.Severity;
import io.verge.uplink.UplinkTransport.Kind;
import java.util.Map;

/** What a {@link Session} makes its worker do. Answers come later, as the session's inputs. */
interface Effects {
  /**
   * @param server which of the uplink's servers, from 0 on.
   */
  void connect(int server);

  void close();

  void send(Kind kind, long token, byte[] message);

  /** See {@link UplinkTransport#sendLightly}. */
  void sendLightly(long token, byte[] batch);

  /** Answered by {@link Session#marks}. */
  void fetchMarks();

  /** Answered by {@link Session#batch}. */
  void fetch(Lane lane, long afterBseq);

  /** The same for a batch that is to go again; answered by {@link Session#replayed}. */
  void fetchAgain(Lane lane, long afterBseq);

  /** Answered by {@link Session#catalog}. */
  void fetchCatalog(long rev);

  void acked(Lane lane, long epoch, long bseq);

  /** A batch that the back end will never take: a gap instead of it. */
  void refuse(Lane lane, long epoch, long bseq);

  void link(boolean up);

  /** Whether the lane's batches stay in the store for now. */
  default boolean holds(Lane lane) {
    return false;
  }

  void offerTime(long utcMs, int uncMs);

  void note(String kind, Severity severity, Map<String, Object> details);

  void count(String what, long by);
}
