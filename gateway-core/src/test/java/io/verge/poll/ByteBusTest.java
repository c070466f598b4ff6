package io.verge.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import io.verge.health.Counters;
import io.verge.poll.ScriptedTransport.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ByteBusTest {
  private static final byte[] REQUEST = {1, 2, 3};
  private static final long MS = 1_000_000;
  private static final long SILENCE = ScriptedTransport.CHARACTER_NANOS * 7 / 2;

  /** A frame is 0x55, any byte, 0xAA. */
  private static final Framer FRAMER =
      (received, length) -> {
        if (received[0] != 0x55) {
          return Framing.skip(1);
        }
        if (length < 3) {
          return Framing.needMore();
        }
        return received[2] == (byte) 0xAA ? Framing.complete(3) : Framing.skip(1);
      };

  private final FakeTicker ticker = new FakeTicker();
  private final Counters counters = new Counters();

  @Test
  void anAnswerInPiecesIsPutTogether() throws BusException {
    ByteBus bus =
        bus(
            false,
            request ->
                List.of(
                    new Chunk(20 * MS, bytes(0x55)),
                    new Chunk(60 * MS, bytes(7)),
                    new Chunk(105 * MS, bytes(0xAA))));
    assertThat(frame(bus.transact(REQUEST, FRAMER))).containsExactly(0x55, 7, 0xAA);
    assertThat(counters.get("bus.b.answers")).isEqualTo(1);
  }

  @Test
  void theBusSleepsWhileAnAnswerCannotBeWhole() throws BusException {
    int bytes = 200;
    ScriptedTransport wire =
        new ScriptedTransport(
            ticker,
            request ->
                IntStream.rangeClosed(1, bytes)
                    .mapToObj(
                        i -> new Chunk(4 * MS + i * ScriptedTransport.CHARACTER_NANOS, bytes(i)))
                    .toList());
    ByteBus bus = new ByteBus(settings(false), wire, ticker, counters, (b, n, s, f) -> {});
    Framer framer =
        (received, length) ->
            length < bytes ? Framing.needMore(bytes - length) : Framing.complete(bytes);
    assertThat(frame(bus.transact(REQUEST, framer))).hasSize(bytes);
    assertThat(wire.reads).as("one for each 25 ms").isBetween(9, 12);
    long ends = (REQUEST.length + bytes) * ScriptedTransport.CHARACTER_NANOS + 4 * MS;
    assertThat(ticker.nanos()).as("no later than the last byte").isEqualTo(SILENCE + ends);
  }

  @Test
  void noiseBeforeAnAnswerIsDroppedAndCounted() throws BusException {
    ByteBus bus =
        bus(false, request -> List.of(new Chunk(MS, bytes(0xFF, 0x55, 1, 2, 0x55, 9, 0xAA))));
    assertThat(frame(bus.transact(REQUEST, FRAMER))).containsExactly(0x55, 9, 0xAA);
    assertThat(counters.get("bus.b.stray_bytes")).isEqualTo(4);
  }

  @Test
  void whatASensorSaidBeforeAPollIsNotItsAnswer() throws BusException {
    ScriptedTransport wire =
        new ScriptedTransport(
            ticker,
            start ->
                List.of(
                    new Chunk(MS, bytes(0x55, 1, 0xAA)),
                    new Chunk(900 * MS, bytes(0x55, 2, 0xAA))));
    ByteBus bus = new ByteBus(settings(false), wire, ticker, counters, (b, n, s, f) -> {});
    bus.speakWith("sensor");
    bus.send(REQUEST);
    ticker.sleepUntil(ticker.nanos() + 500 * MS);
    bus.speakWith("sensor");
    assertThat(frame(bus.listen(FRAMER, 1000))).containsExactly(0x55, 2, 0xAA);
  }

  @Test
  void silenceIsAskedAgainAndThenSaid() throws BusException {
    ScriptedTransport wire = new ScriptedTransport(ticker, request -> List.of());
    ByteBus bus = new ByteBus(settings(false), wire, ticker, counters, (b, n, s, f) -> {});
    assertThat(bus.transact(REQUEST, FRAMER)).isInstanceOf(Answer.Silence.class);
    assertThat(wire.written).hasSize(2);
    bus.setProbing(true);
    bus.transact(REQUEST, FRAMER);
    assertThat(wire.written).hasSize(3);
  }

  @Test
  void aLateAnswerIsNotTakenForTheNextOne() throws BusException {
    List<byte[]> seen = new ArrayList<>();
    ByteBus bus =
        new ByteBus(
            new BusSettings("b", 100, 0, 100, false),
            new ScriptedTransport(
                ticker,
                request -> {
                  seen.add(request);
                  return seen.size() == 1
                      ? List.of(new Chunk(104 * MS, bytes(0x55, 1, 0xAA)))
                      : List.of(new Chunk(10 * MS, bytes(0x55, 2, 0xAA)));
                }),
            ticker,
            counters,
            (b, n, s, f) -> {});
    assertThat(bus.transact(REQUEST, FRAMER)).isInstanceOf(Answer.Silence.class);
    ticker.sleepUntil(ticker.nanos() + 10 * MS);
    assertThat(frame(bus.transact(REQUEST, FRAMER))).containsExactly(0x55, 2, 0xAA);
  }

  @Test
  void theEchoOfAnAdapterIsTakenAway() throws BusException {
    byte[] request = bytes(0x55, 4, 0xAA);
    ByteBus bus =
        bus(true, sent -> List.of(new Chunk(0, sent), new Chunk(5 * MS, bytes(0x55, 5, 0xAA))));
    assertThat(frame(bus.transact(request, FRAMER))).containsExactly(0x55, 5, 0xAA);
  }

  @Test
  void aBabblingDeviceIsCutOff() throws BusException {
    ByteBus bus =
        bus(
            false,
            request -> {
              List<Chunk> babble = new ArrayList<>();
              for (int i = 0; i < 100_000; i++) {
                babble.add(new Chunk(i * MS, bytes(0x55)));
              }
              return babble;
            });
    bus.setProbing(true);
    long before = ticker.nanos();
    assertThat(bus.transact(REQUEST, FRAMER)).isInstanceOf(Answer.Garbled.class);
    assertThat(ticker.nanos() - before).isLessThan(4_000 * MS);
  }

  @Test
  void requestsKeepTheirDistance() throws BusException {
    ScriptedTransport wire =
        new ScriptedTransport(ticker, request -> List.of(new Chunk(0, bytes(0x55, 1, 0xAA))));
    List<Long> starts = new ArrayList<>();
    ByteBus bus =
        new ByteBus(
            settings(false), wire, ticker, counters, (b, nanos, sent, f) -> starts.add(nanos));
    bus.transact(REQUEST, FRAMER);
    bus.transact(REQUEST, FRAMER);
    long sentAt = starts.get(2) - REQUEST.length * ScriptedTransport.CHARACTER_NANOS;
    assertThat(sentAt - starts.get(1))
        .isGreaterThanOrEqualTo(ScriptedTransport.CHARACTER_NANOS * 7 / 2);
  }

  @Test
  void aPortThatIsGoneIsSaid() {
    ScriptedTransport wire = new ScriptedTransport(ticker, request -> List.of());
    wire.gone = true;
    ByteBus bus = new ByteBus(settings(false), wire, ticker, counters, (b, n, s, f) -> {});
    assertThatThrownBy(() -> bus.transact(REQUEST, FRAMER))
        .isInstanceOf(BusException.class)
        .hasMessage("port is gone");
  }

  private ByteBus bus(boolean echoes, Function<byte[], List<Chunk>> device) {
    return new ByteBus(
        settings(echoes),
        new ScriptedTransport(ticker, device),
        ticker,
        counters,
        (b, n, s, f) -> {});
  }

  private static BusSettings settings(boolean echoes) {
    return new BusSettings("b", 100, 1, 100, echoes);
  }

  private static int[] frame(Answer answer) {
    byte[] bytes = ((Answer.Frame) answer).bytes();
    int[] frame = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      frame[i] = bytes[i] & 0xFF;
    }
    return frame;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
