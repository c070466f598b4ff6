package io.verge.poll;

import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import io.verge.health.Counters;
import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.TransportException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A byte bus with its manners: silence before sending, stray bytes and echo thrown away, time-outs,
 * retries, turnaround, and an end to babbling. Bus thread only.
 */
final class ByteBus implements BusSession {
  /** MODBUS over Serial Line V1.02, section 2.5.1.1: at and above 19200 bit/s t3.5 is fixed. */
  private static final long SILENCE_LEAST_NANOS = 1_750_000;

  /** A USB adapter delivers in lumps of 16 ms; three of them without a byte end an answer. */
  private static final long PAUSE_LEAST_NANOS = 50_000_000;

  private static final int PAUSE_CHARACTERS = 20;

  private static final byte[] NOTHING = {};

  /** Bytes heard in one exchange: the longest answer after as much noise; more is babble. */
  private static final int BABBLE_MAX = 4 * RECEIVE_MAX;

  private final BusSettings settings;
  private final ByteTransport transport;
  private final Ticker ticker;
  private final Counters counters;
  private final FrameTap tap;
  private final byte[] received = new byte[RECEIVE_MAX];
  private int length;
  private final byte[] stray = new byte[RECEIVE_MAX];

  /** Heard in this exchange; the first ones are kept. */
  private int strays;

  private int retries;
  private long quietNanos;
  private @Nullable Object party;
  private @Nullable Object owing;
  private long owedUntilNanos;
  private int missed;
  private boolean isBehind;
  private boolean stale;

  ByteBus(
      BusSettings settings,
      ByteTransport transport,
      Ticker ticker,
      Counters counters,
      FrameTap tap) {
    this.settings = settings;
    this.transport = transport;
    this.ticker = ticker;
    this.counters = counters;
    this.tap = tap;
    this.retries = settings.retries();
    this.quietNanos = ticker.nanos();
  }

  /** A probe of a silent device is asked once only. */
  void setProbing(boolean probing) {
    retries = probing ? 0 : settings.retries();
  }

  /**
   * Who is spoken with from now on. An answer that never came may still come: before the same party
   * is asked anything again, the bus waits for it, since it could pass for the answer to the next
   * question. Another party's answer carries another address. What a sensor said by itself before
   * is old news.
   */
  void speakWith(Object whom) {
    party = whom;
    stale = true;
  }

  @Override
  public Answer transact(byte[] request, Framer framer) throws BusException {
    Answer answer = new Answer.Silence();
    awaitOwed();
    for (int attempt = 0; attempt <= retries; attempt++) {
      count("requests");
      long sentNanos = write(request);
      long writtenNanos = ticker.nanos();
      answer = receive(request, sentNanos, framer, settings.timeoutMs() * 1_000_000L);
      if (answer instanceof Answer.Frame) {
        count("answers");
        if (attempt > 0) {
          owe(writtenNanos);
        }
        return answer;
      }
      count(answer instanceof Answer.Silence ? "timeouts" : "garbled");
      if (attempt == retries) {
        owe(writtenNanos);
      }
    }
    return answer;
  }

  /**
   * An answer may be as late again as it may take: the one just heard may be an earlier request's,
   * and the last request's still come.
   */
  private void owe(long writtenNanos) {
    missed++;
    isBehind = true;
    owing = party;
    owedUntilNanos =
        writtenNanos
            + 2 * settings.timeoutMs() * 1_000_000L
            + Math.max(PAUSE_LEAST_NANOS, PAUSE_CHARACTERS * transport.characterNanos());
  }

  @Override
  public void miss() {
    owe(ticker.nanos() - settings.timeoutMs() * 1_000_000L);
  }

  @Override
  public int missed() {
    return isBehind ? missed : 0;
  }

  @Override
  public void caughtUp() {
    isBehind = false;
  }

  private void awaitOwed() {
    if (owing != null && owing.equals(party)) {
      ticker.sleepUntil(owedUntilNanos);
      owing = null;
    }
  }

  @Override
  public Answer listen(Framer framer, int waitMs) throws BusException {
    if (waitMs < 1 || waitMs > 10_000) {
      throw new IllegalArgumentException("listening for " + waitMs + " ms");
    }
    if (stale) {
      discard();
    }
    Answer answer = receive(NOTHING, ticker.nanos(), framer, waitMs * 1_000_000L);
    count(answer instanceof Answer.Frame ? "answers" : "timeouts");
    return answer;
  }

  @Override
  public void send(byte[] frame) throws BusException {
    count("requests");
    write(frame);
    ticker.sleepUntil(ticker.nanos() + settings.turnaroundMs() * 1_000_000L);
    quietNanos = ticker.nanos();
  }

  /** Returns when the first character went out; the port takes them faster than the wire. */
  private long write(byte[] request) throws BusException {
    try {
      ticker.sleepUntil(
          quietNanos + Math.max(SILENCE_LEAST_NANOS, transport.characterNanos() * 7 / 2));
      discard();
      long wire = request.length * transport.characterNanos();
      long begun = ticker.nanos();
      transport.write(request, begun + wire + 1_000_000_000L);
      tap.saw(settings.name(), ticker.nanos(), true, request);
      return begun;
    } catch (TransportException e) {
      throw gone(e);
    }
  }

  private void discard() throws BusException {
    try {
      transport.discardInput();
      length = 0;
      stale = false;
    } catch (TransportException e) {
      throw gone(e);
    }
  }

  /**
   * Sleeps while an answer can't be whole, since waking for each character would cost more; but not
   * so long that a pause which ends it could pass unseen.
   */
  private Answer receive(byte[] request, long sentNanos, Framer framer, long waitNanos)
      throws BusException {
    long character = transport.characterNanos();
    long start = ticker.nanos();
    long deadline = start + waitNanos + request.length * character;
    long end = deadline + 2L * RECEIVE_MAX * character;
    long pause = Math.max(PAUSE_LEAST_NANOS, PAUSE_CHARACTERS * character);
    int echo = settings.echoes() ? request.length : 0;
    strays = 0;
    int heard = 0;
    long heardNanos = start;
    long sleep = sentNanos + request.length * character;
    while (true) {
      while (length > 0) {
        if (echo > 0) {
          if (length < echo && isPrefix(request, length)) {
            break;
          }
          if (length >= echo && isPrefix(request, echo)) {
            drop(echo);
          }
          echo = 0;
          continue;
        }
        Framing framing = framer.examine(received, length);
        if (framing.state() == Framing.State.COMPLETE) {
          byte[] frame = Arrays.copyOf(received, framing.length());
          drop(framing.length());
          quietNanos = ticker.nanos();
          tap.saw(settings.name(), quietNanos, false, frame);
          countStrays();
          return new Answer.Frame(frame);
        }
        if (framing.state() == Framing.State.NEED_MORE && length < RECEIVE_MAX) {
          sleep = heardNanos + Math.min((framing.length() - 1) * character, pause / 2);
          break;
        }
        int bytes = framing.state() == Framing.State.SKIP ? framing.length() : 1;
        keep(bytes);
        drop(bytes);
      }
      long until = Math.min(deadline, end);
      ticker.sleepUntil(Math.min(sleep, until));
      int more = ticker.nanos() >= until ? 0 : read(until);
      heard += more;
      heardNanos = ticker.nanos();
      if (more == 0 || heard > BABBLE_MAX) {
        return ended();
      }
      deadline = Math.max(deadline, heardNanos + pause);
    }
  }

  private Answer ended() {
    quietNanos = ticker.nanos();
    countStrays();
    int before = Math.min(strays, RECEIVE_MAX);
    byte[] all = Arrays.copyOf(stray, Math.min(RECEIVE_MAX, before + length));
    System.arraycopy(received, 0, all, before, all.length - before);
    length = 0;
    if (all.length == 0) {
      return new Answer.Silence();
    }
    tap.saw(settings.name(), quietNanos, false, all);
    return new Answer.Garbled(all);
  }

  private int read(long until) throws BusException {
    try {
      int more = transport.read(received, length, until);
      length += more;
      return more;
    } catch (TransportException e) {
      throw gone(e);
    }
  }

  /** Stray bytes are kept for the technician, up to the longest frame. */
  private void keep(int bytes) {
    if (strays < RECEIVE_MAX) {
      System.arraycopy(received, 0, stray, strays, Math.min(bytes, RECEIVE_MAX - strays));
    }
    strays += bytes;
  }

  private void countStrays() {
    if (strays > 0) {
      counters.add("bus." + settings.name() + ".stray_bytes", strays);
    }
  }

  private boolean isPrefix(byte[] request, int bytes) {
    return Arrays.equals(received, 0, bytes, request, 0, bytes);
  }

  private void drop(int bytes) {
    System.arraycopy(received, bytes, received, 0, length - bytes);
    length -= bytes;
  }

  private BusException gone(TransportException e) {
    return new BusException(String.valueOf(e.getMessage()), e);
  }

  private void count(String what) {
    counters.increment("bus." + settings.name() + "." + what);
  }
}
