package io.verge.simulator.field;

import io.verge.simulator.device.Line;
import io.verge.simulator.device.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A serial line with its devices, at the speed of its characters, on which everything that can go
 * wrong does, by a seed. Time is the caller's: nanoseconds that never go back.
 */
public final class HostileLine implements Line {
  /** What goes wrong. */
  public enum Fault {
    /** An answer never comes. */
    SILENCE,
    /** It comes after the gateway has given it up. */
    LATE,
    /** Another device's answer comes in its place. */
    WRONG_ADDRESS,
    /** One bit of it is flipped; where there is parity two of one character, which it misses. */
    BIT,
    /** Its end is missing. */
    TRUNCATED,
    /** It comes twice, without a pause between. */
    MERGED,
    /** The request comes back before it. */
    ECHO,
    /** Noise comes before and after it. */
    STRAY,
    /** A second device of the same address answers at the same time. */
    TWO_AT_ONE,
    /** For seconds a device talks without end. */
    BABBLE,
    /** For seconds the devices have another speed. */
    BAUD,
    /** For seconds the adapter keeps what is said, and then gives all of it in its order. */
    STALL,
    /** For seconds the adapter is not there. */
    UNPLUGGED
  }

  /**
   * What a line is like.
   *
   * @param twin devices of the same addresses that answer other values; null: none.
   * @param sender whose answer this is; answers of others are what comes in its place.
   * @param parity whether characters carry an even parity bit; broken ones are dropped then.
   * @param timeoutMs how long the gateway waits for the begin of an answer.
   * @param share of answers that are spoilt, 0..1.
   */
  record Nature(
      Wire wire,
      @Nullable Wire twin,
      Function<byte[], String> sender,
      int baud,
      boolean parity,
      int timeoutMs,
      Set<Fault> faults,
      double share) {
    long characterNanos() {
      return (parity ? 11 : 10) * 1_000_000_000L / baud;
    }
  }

  private static final Set<Fault> LASTING =
      Set.of(Fault.BABBLE, Fault.BAUD, Fault.STALL, Fault.UNPLUGGED);
  private static final long SECOND = 1_000_000_000L;
  private static final long THINKING_NANOS = 5_000_000;
  private static final int BABBLE_MOST = 4096;

  /** The pause that ends an answer (ByteBus). */
  private static final long PAUSE_NANOS = 50_000_000;

  private static final int PAUSE_CHARACTERS = 20;
  private static final int SHIFT_MOST = 6;

  /** How often a line with a sensor that talks by itself is looked at. */
  private static final long LOOK_NANOS = 10_000_000;

  /** Before the gateway's wait for a missed answer ends. */
  private static final long MARGIN_NANOS = 20_000_000;

  private static final double STALL_SECONDS_MOST = 3;

  /**
   * Bytes that arrive at once.
   *
   * @param latestNanos when no device says them any more.
   */
  private record Lump(long nanos, long order, byte[] bytes, long latestNanos) {}

  private final Nature nature;
  private final Moment moment;
  private final Random random;
  private final List<Fault> single = new ArrayList<>();
  private final List<Fault> lasting = new ArrayList<>();
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private final Map<String, byte[]> lastSaid = new TreeMap<>();
  private final PriorityQueue<Lump> arriving =
      new PriorityQueue<>(
          (a, b) ->
              a.nanos() != b.nanos()
                  ? Long.compare(a.nanos(), b.nanos())
                  : Long.compare(a.order(), b.order()));
  private long order;
  private @Nullable Fault now;
  private long changesNanos = -1;
  private long babbledNanos;
  private long latestNanos = Long.MAX_VALUE;
  private int overdue;
  private boolean peaceful;

  HostileLine(Nature nature, Moment moment, long seed) {
    this.nature = nature;
    this.moment = moment;
    this.random = new Random(seed);
    for (Fault fault : Fault.values()) {
      if (nature.faults().contains(fault)) {
        (LASTING.contains(fault) ? lasting : single).add(fault);
      }
    }
  }

  @Override
  public long characterNanos() {
    return nature.characterNanos();
  }

  public int baud() {
    return nature.baud();
  }

  /** How often each fault struck. */
  public synchronized Map<Fault, Integer> counts() {
    return new EnumMap<>(counts);
  }

  /**
   * Answers that were not said, since a busy computer looked at the line when no device answers any
   * more.
   */
  public synchronized int overdue() {
    return overdue;
  }

  /** From now on nothing goes wrong any more. */
  public synchronized void makePeace() {
    peaceful = true;
  }

  @Override
  public synchronized boolean isPlugged(long nanos) {
    live(nanos);
    return now != Fault.UNPLUGGED;
  }

  @Override
  public synchronized void heard(byte[] bytes, long nanos) {
    heard(bytes, nanos, nanos);
  }

  /**
   * @param sinceNanos the earliest that their last byte was written.
   */
  public synchronized void heard(byte[] bytes, long nanos, long sinceNanos) {
    live(nanos);
    moment.set(nanos);
    // What an adapter keeps may come however late; a device's answer not after this.
    latestNanos =
        nature.faults().contains(Fault.STALL)
            ? Long.MAX_VALUE
            : sinceNanos
                + 2 * nature.timeoutMs() * 1_000_000L
                + Math.max(PAUSE_NANOS, PAUSE_CHARACTERS * characterNanos())
                - MARGIN_NANOS;
    if (now == Fault.BAUD) {
      put(scrambled(bytes), nanos, THINKING_NANOS);
    } else if (now != Fault.UNPLUGGED) {
      answer(bytes, nature.wire().received(bytes, nanos), nanos);
    }
    latestNanos = Long.MAX_VALUE;
  }

  @Override
  public synchronized byte[] say(long nanos) {
    live(nanos);
    if (now == Fault.UNPLUGGED) {
      arriving.clear();
      return new byte[0];
    }
    moment.set(nanos);
    answer(new byte[0], nature.wire().spontaneous(nanos), nanos);
    byte[] said = now == Fault.BABBLE ? babble(nanos) : new byte[0];
    while (now != Fault.STALL && !arriving.isEmpty() && arriving.peek().nanos() <= nanos) {
      Lump lump = arriving.remove();
      if (nanos > lump.latestNanos()) {
        overdue++;
      } else {
        said = joined(said, lump.bytes());
      }
    }
    return said;
  }

  @Override
  public synchronized long nextNanos(long nanos) {
    long look = nanos + LOOK_NANOS;
    return arriving.isEmpty() || now == Fault.STALL
        ? look
        : Math.min(look, Math.max(nanos + 1, arriving.peek().nanos()));
  }

  /** Troubles that last begin and end. */
  private void live(long nanos) {
    if (changesNanos < 0) {
      changesNanos = nanos + pause();
    }
    while (nanos >= changesNanos) {
      if (now != null || peaceful || lasting.isEmpty()) {
        now = null;
        changesNanos += pause();
      } else {
        now = lasting.get(random.nextInt(lasting.size()));
        counts.merge(now, 1, Integer::sum);
        babbledNanos = changesNanos;
        changesNanos += lasts(now);
      }
    }
  }

  private long lasts(Fault fault) {
    return fault == Fault.STALL
        ? (long) (random.nextDouble() * STALL_SECONDS_MOST * SECOND)
        : 2 * SECOND + (long) (random.nextDouble() * 8 * SECOND);
  }

  private long pause() {
    return 15 * SECOND + (long) (random.nextDouble() * 45 * SECOND);
  }

  private void answer(byte[] request, byte[] said, long nanos) {
    if (said.length == 0) {
      return;
    }
    long thinking = THINKING_NANOS + (long) (random.nextDouble() * THINKING_NANOS);
    if (now == Fault.BABBLE) {
      put(collided(said, noise(said.length), 0), nanos, thinking);
      return;
    }
    String sender = nature.sender().apply(said);
    if (random.nextDouble() >= nature.share() || peaceful || single.isEmpty()) {
      put(said, nanos, thinking);
    } else {
      spoil(single.get(random.nextInt(single.size())), request, said, sender, nanos, thinking);
    }
    lastSaid.put(sender, said);
  }

  private void spoil(
      Fault fault, byte[] request, byte[] said, String sender, long nanos, long thinking) {
    byte[] line =
        switch (fault) {
          case SILENCE -> new byte[0];
          case WRONG_ADDRESS -> foreign(sender);
          case BIT -> flipped(said);
          case TRUNCATED -> Arrays.copyOf(said, random.nextInt(said.length));
          case MERGED -> joined(said, said);
          case ECHO -> joined(request, said);
          case STRAY -> joined(joined(noise(random.nextInt(4)), said), noise(random.nextInt(4)));
          case TWO_AT_ONE -> twins(request, said, nanos);
          default -> said;
        };
    if (fault == Fault.WRONG_ADDRESS && line.length == 0) {
      put(said, nanos, thinking);
      return;
    }
    counts.merge(fault, 1, Integer::sum);
    if (fault == Fault.LATE) {
      // Later than the gateway waits, but before it takes the answer for lost.
      long late = (long) (nature.timeoutMs() * 1_000_000L * (1.02 + 0.8 * random.nextDouble()));
      putWhole(line, nanos + late + line.length * characterNanos());
    } else if (fault == Fault.MERGED || fault == Fault.ECHO) {
      putWhole(line, nanos + thinking + line.length * characterNanos());
    } else {
      put(line, nanos, thinking);
    }
  }

  /** The last answer of another device; empty where there is none yet. */
  private byte[] foreign(String sender) {
    List<byte[]> others =
        lastSaid.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(sender))
            .map(Map.Entry::getValue)
            .toList();
    return others.isEmpty() ? new byte[0] : others.get(random.nextInt(others.size()));
  }

  private byte[] flipped(byte[] said) {
    byte[] spoilt = said.clone();
    int bit = random.nextInt(8);
    int flips = 1 << bit | (nature.parity() ? 1 << (bit + 1 + random.nextInt(7)) % 8 : 0);
    spoilt[random.nextInt(spoilt.length)] ^= (byte) flips;
    return spoilt;
  }

  private byte[] twins(byte[] request, byte[] said, long nanos) {
    Wire twin = nature.twin();
    byte[] other = twin == null ? new byte[0] : twin.received(request, nanos);
    return collided(said, other, random.nextInt(SHIFT_MOST + 1));
  }

  /** Two senders at once: a space of either wins; a character of broken parity is dropped. */
  private byte[] collided(byte[] one, byte[] two, int shift) {
    byte[] line = new byte[Math.max(one.length, shift + two.length)];
    int length = 0;
    for (int i = 0; i < line.length; i++) {
      boolean first = i < one.length;
      boolean second = i >= shift && i - shift < two.length;
      int a = first ? one[i] & 0xFF : 0xFF;
      int b = second ? two[i - shift] & 0xFF : 0xFF;
      boolean broken =
          nature.parity()
              && first
              && second
              && (Integer.bitCount(a & b) & 1) != (Integer.bitCount(a) & Integer.bitCount(b) & 1);
      if (!broken && (first || second)) {
        line[length++] = (byte) (a & b);
      }
    }
    return Arrays.copyOf(line, length);
  }

  private byte[] scrambled(byte[] bytes) {
    return noise(random.nextInt(bytes.length + 1));
  }

  private byte[] babble(long nanos) {
    // A request is heard when its last character will have left: noise may begin before that.
    long count = Math.max(0, nanos - babbledNanos) / characterNanos();
    babbledNanos += count * characterNanos();
    return noise((int) Math.min(BABBLE_MOST, count));
  }

  /** Settling, glitches, beginnings of frames, and anything else. */
  private byte[] noise(int count) {
    byte[] likely = {(byte) 0xFF, 0x00, 0x68, (byte) 0xFE, 0x59, 'R', 0x16, '\r', '\n'};
    byte[] noise = new byte[count];
    random.nextBytes(noise);
    for (int i = 0; i < count; i += 2) {
      noise[i] = likely[random.nextInt(likely.length)];
    }
    return noise;
  }

  /** At the line's speed, in two lumps as adapters deliver them. */
  private void put(byte[] bytes, long nanos, long thinking) {
    if (bytes.length == 0) {
      return;
    }
    int cut = random.nextInt(bytes.length);
    putWhole(Arrays.copyOf(bytes, cut), nanos + thinking + cut * characterNanos());
    putWhole(
        Arrays.copyOfRange(bytes, cut, bytes.length),
        nanos + thinking + bytes.length * characterNanos());
  }

  private void putWhole(byte[] bytes, long at) {
    if (bytes.length > 0) {
      long latest =
          latestNanos == Long.MAX_VALUE ? latestNanos : Math.max(latestNanos, at + MARGIN_NANOS);
      arriving.add(new Lump(at, order++, bytes, latest));
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
