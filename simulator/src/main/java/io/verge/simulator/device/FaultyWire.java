package io.verge.simulator.device;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Any wire, gone bad: some of what its devices say is spoilt on its way, by a seed. */
public final class FaultyWire implements Wire {
  /** How a frame is spoilt. */
  public enum Fault {
    /** It never comes. */
    SILENCE,
    /** It comes when the next one is awaited. */
    LATE,
    /** Another device's answer comes in its place. */
    WRONG_ADDRESS,
    /** One bit of it is flipped. */
    BIT,
    /** Its end is missing. */
    TRUNCATED,
    /** The request comes back before it. */
    ECHO,
    /** Noise comes before and after it. */
    STRAY,
    /** It comes twice. */
    TWICE
  }

  private final Wire inner;
  private final Wire other;
  private final Random random;
  private final double share;
  private final List<Fault> kinds;
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private byte[] late = new byte[0];

  /**
   * @param other a wire with other devices that answer the same requests, whose addresses differ.
   * @param share of frames that are spoilt, 0..1.
   */
  public FaultyWire(Wire inner, Wire other, Random random, double share, Set<Fault> kinds) {
    this.inner = inner;
    this.other = other;
    this.random = random;
    this.share = share;
    this.kinds = List.copyOf(kinds);
  }

  /** How often each fault struck. */
  public Map<Fault, Integer> counts() {
    return Map.copyOf(counts);
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    return spoilt(bytes, inner.received(bytes, nanos), nanos);
  }

  @Override
  public byte[] spontaneous(long nanos) {
    return spoilt(new byte[0], inner.spontaneous(nanos), nanos);
  }

  private byte[] spoilt(byte[] request, byte[] said, long nanos) {
    if (said.length == 0) {
      return said;
    }
    byte[] owed = late;
    late = new byte[0];
    if (random.nextDouble() >= share) {
      return joined(owed, said);
    }
    Fault fault = kinds.get(random.nextInt(kinds.size()));
    counts.merge(fault, 1, Integer::sum);
    return joined(owed, spoilt(fault, request, said, nanos));
  }

  private byte[] spoilt(Fault fault, byte[] request, byte[] said, long nanos) {
    return switch (fault) {
      case SILENCE -> new byte[0];
      case LATE -> {
        late = said;
        yield new byte[0];
      }
      case WRONG_ADDRESS -> other.received(request, nanos);
      case BIT -> flipped(said);
      case TRUNCATED -> Arrays.copyOf(said, random.nextInt(said.length));
      case ECHO -> joined(request, said);
      case STRAY -> joined(joined(noise(), said), noise());
      case TWICE -> joined(said, said);
    };
  }

  private byte[] flipped(byte[] said) {
    byte[] spoilt = said.clone();
    spoilt[random.nextInt(spoilt.length)] ^= (byte) (1 << random.nextInt(8));
    return spoilt;
  }

  /** The bytes that lines make: settling, glitches, and beginnings of frames. */
  private byte[] noise() {
    byte[] likely = {(byte) 0xFF, 0x00, 0x68, (byte) 0xFE, 0x59, 'R', 0x16};
    byte[] noise = new byte[random.nextInt(4)];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = likely[random.nextInt(likely.length)];
    }
    return noise;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Override
  public long served() {
    return inner.served();
  }
}
