package io.verge.drivers.at;

import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.at.AtAnswer.Line;
import io.verge.model.Outcome;
import io.verge.model.PointKind;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Signal, registration, operator and identities of a modem. */
final class AtDriver implements SerialDriver {
  private static final String REREGISTER = "reregister";
  private static final String RADIO = "radio";
  private static final String RESET = "reset";
  private static final String LATE = "answers come late";

  /** Looking for networks may take longer, and goes on unwatched (EC25: up to 180 s). */
  private static final int SEARCH_SECONDS = 30;

  private static final int RADIO_SECONDS = 20;
  private static final int LISTEN_MS = 10_000;
  private static final String NO_NUMBER = "no number in the answer";
  private static final int RSSI = 0;
  private static final int RSRP = 1;
  private static final int RSRQ = 2;
  private static final int REGISTRATION = 3;
  private static final int ACCESS = 4;
  private static final int OPERATOR = 5;
  private static final int IMSI = 6;
  private static final int IMEI = 7;

  private static final List<PointType> POINTS =
      List.of(
          PointType.gauge("rssi", "dBm", 0),
          PointType.gauge("rsrp", "dBm", 0),
          PointType.gauge("rsrq", "dB", 1),
          state("registration", "0 idle, 1 home, 2 searching, 3 denied, 4 unknown, 5 roaming"),
          state("access", "3GPP TS 27.007 AcT: 0 GSM, 2 UTRAN, 7 LTE"),
          state("operator", "MCC and MNC"),
          state("imsi", ""),
          state("imei", ""));

  private static PointType state(String name, String meaning) {
    return new PointType(name, "", 0, PointKind.STATE, meaning);
  }

  @Override
  public List<PointType> points() {
    return POINTS;
  }

  @Override
  public List<String> operations() {
    return List.of(REREGISTER, RADIO, RESET);
  }

  /** What one poll has given so far. */
  private static final class Found {
    private final long[] values = new long[POINTS.size()];
    private final byte[] qualities = new byte[POINTS.size()];
    private final List<String> why = new ArrayList<>();
    private final Map<String, String> identity = new TreeMap<>();

    Found() {
      Arrays.fill(values, Sample.NONE);
    }

    void put(int point, @Nullable Integer value) {
      values[point] = value == null ? Sample.NONE : value;
    }

    void fail(String command, Quality quality, String reason, int... points) {
      for (int point : points) {
        qualities[point] = (byte) quality.code();
      }
      why.add(command + ": " + reason);
    }
  }

  @Override
  public Readout poll(BusSession bus) throws BusException {
    Answer first = bus.transact(bytes("AT+CSQ"), AtAnswer::examine);
    if (!(first instanceof Answer.Frame frame)) {
      return Readout.without(first, POINTS.size());
    }
    Found found = new Found();
    Line signal = line(found, "AT+CSQ", "+CSQ", frame, RSSI);
    if (signal != null) {
      found.put(RSSI, AtSignal.rssi(signal.number(0)));
    }
    Line quality = ask(bus, found, "AT+CESQ", "+CESQ", RSRP, RSRQ);
    if (quality != null) {
      found.put(RSRQ, AtSignal.rsrqTenths(quality.number(4)));
      found.put(RSRP, AtSignal.rsrp(quality.number(5)));
    }
    Line registered = ask(bus, found, "AT+CEREG?", "+CEREG", REGISTRATION);
    if (registered != null) {
      int stat = registered.number(AtSignal.statAt(registered));
      found.put(REGISTRATION, stat < 0 ? null : (Integer) stat);
    }
    bus.transact(bytes("AT+COPS=3,2"), AtAnswer::examine);
    Line operator = ask(bus, found, "AT+COPS?", "+COPS", OPERATOR, ACCESS);
    if (operator != null && AtAnswer.isDigits(operator.unquoted(2), 5, 6)) {
      found.values[OPERATOR] = Long.parseLong(operator.unquoted(2));
      found.put(ACCESS, operator.number(3) < 0 ? null : (Integer) operator.number(3));
    }
    number(bus, found, "AT+CIMI", IMSI);
    number(bus, found, "AT+CGSN", IMEI);
    card(bus, found);
    Readout readout =
        found.why.isEmpty()
            ? Readout.good(found.values)
            : new Readout(
                Quality.SUSPECT, found.values, found.qualities, String.join("; ", found.why), null);
    return readout.of(found.identity);
  }

  private static void card(BusSession bus, Found found) throws BusException {
    String command = "AT+CCID";
    if (!isInStep(bus)) {
      found.fail(command, Quality.TIMEOUT, LATE);
      return;
    }
    AtAnswer card = good(found, command, bus.transact(bytes(command), AtAnswer::examine));
    String iccid = card == null ? "" : digits(card, "+CCID");
    if (AtAnswer.isDigits(iccid, 18, 20)) {
      found.identity.put("iccid", iccid);
    } else if (card != null) {
      found.fail(command, Quality.GARBLED, NO_NUMBER);
    }
  }

  private static @Nullable Line ask(
      BusSession bus, Found found, String command, String word, int... points) throws BusException {
    return line(found, command, word, bus.transact(bytes(command), AtAnswer::examine), points);
  }

  /** The line that answers the command; without it the points get their quality. */
  private static @Nullable Line line(
      Found found, String command, String word, Answer answer, int... points) {
    AtAnswer good = good(found, command, answer, points);
    if (good == null) {
      return null;
    }
    Line line = good.line(word);
    if (line == null) {
      found.fail(command, Quality.GARBLED, "no " + word + " in the answer", points);
    }
    return line;
  }

  /** An IMSI or IMEI: 14 or 15 digits, which a value holds. */
  private static void number(BusSession bus, Found found, String command, int point)
      throws BusException {
    if (!isInStep(bus)) {
      found.fail(command, Quality.TIMEOUT, LATE, point);
      return;
    }
    AtAnswer good = good(found, command, bus.transact(bytes(command), AtAnswer::examine), point);
    if (good == null) {
      return;
    }
    String digits = digits(good, command.substring(2));
    if (AtAnswer.isDigits(digits, 14, 15)) {
      found.values[point] = Long.parseLong(digits);
      found.identity.put(POINTS.get(point).name(), digits);
    } else {
      found.fail(command, Quality.GARBLED, NO_NUMBER, point);
    }
  }

  /**
   * Digits and OK do not tell their question: after a missed answer two others are asked whose
   * answers do, in an order in which no poll asks them.
   */
  private static boolean isInStep(BusSession bus) throws BusException {
    if (bus.missed() == 0) {
      return true;
    }
    if (isAnswered(bus, "AT+CEREG?", "+CEREG") && isAnswered(bus, "AT+CSQ", "+CSQ")) {
      bus.caughtUp();
      return true;
    }
    bus.miss();
    return false;
  }

  private static boolean isAnswered(BusSession bus, String command, String word)
      throws BusException {
    return bus.transact(bytes(command), AtAnswer::examine) instanceof Answer.Frame frame
        && AtAnswer.parse(frame.bytes()) instanceof Decoded.Valid<AtAnswer> valid
        && valid.value().isGood()
        && tells(valid.value(), command, word);
  }

  /** By its echo; without one by its only line, since a modem also talks unasked. */
  private static boolean tells(AtAnswer answer, String command, String word) {
    return answer.echo().isEmpty()
        ? answer.lines().size() == 1 && answer.line(word) != null
        : answer.isTo(command);
  }

  /** The digits of an answer with or without its word; an F fills an odd number of them. */
  private static String digits(AtAnswer answer, String word) {
    Line line = answer.line(word);
    String digits = line == null ? answer.digits() : line.unquoted(0);
    return digits.endsWith("F") || digits.endsWith("f")
        ? digits.substring(0, digits.length() - 1)
        : digits;
  }

  private static @Nullable AtAnswer good(
      Found found, String command, Answer answer, int... points) {
    if (!(answer instanceof Answer.Frame frame)) {
      Readout without = Readout.without(answer, 0);
      found.fail(command, without.quality(), without.why(), points);
      return null;
    }
    Decoded<AtAnswer> parsed = AtAnswer.parse(frame.bytes());
    if (!(parsed instanceof Decoded.Valid<AtAnswer> valid)) {
      found.fail(command, Quality.GARBLED, Hex.spaced(frame.bytes()), points);
      return null;
    }
    if (!valid.value().isGood()) {
      found.fail(command, Quality.REFUSED, valid.value().last(), points);
      return null;
    }
    if (!valid.value().isTo(command)) {
      found.fail(command, Quality.GARBLED, "answer to " + valid.value().echo(), points);
      return null;
    }
    return valid.value();
  }

  /**
   * {@code reregister}: leaves the network and chooses one anew. {@code radio}: the same with the
   * radio off and on. {@code reset}: the modem is gone for half a minute after it.
   */
  @Override
  public Outcome execute(BusSession bus, Order order) throws BusException {
    return switch (order.op()) {
      case REREGISTER -> both(bus, "AT+COPS=2", "AT+COPS=0", SEARCH_SECONDS);
      case RADIO -> both(bus, "AT+CFUN=4", "AT+CFUN=1", RADIO_SECONDS);
      case RESET -> tell(bus, "AT+CFUN=1,1", RADIO_SECONDS);
      default -> SerialDriver.super.execute(bus, order);
    };
  }

  /** The second is said whatever became of the first: a modem must not stay off. */
  private static Outcome both(BusSession bus, String off, String on, int seconds)
      throws BusException {
    Outcome first = tell(bus, off, seconds);
    Outcome second = tell(bus, on, seconds);
    return first.state() == Outcome.State.DONE ? second : first;
  }

  /** Says it once: said again while it is under way, it would be aborted. */
  private static Outcome tell(BusSession bus, String command, int seconds) throws BusException {
    bus.send(bytes(command));
    for (int waited = 0; waited < seconds * 1000; waited += LISTEN_MS) {
      Answer answer = bus.listen(AtAnswer::examine, LISTEN_MS);
      if (answer instanceof Answer.Frame frame
          && AtAnswer.parse(frame.bytes()) instanceof Decoded.Valid<AtAnswer> valid
          && valid.value().isTo(command)
          && !valid.value().last().isEmpty()) {
        return valid.value().isGood()
            ? Outcome.done(Map.of())
            : Outcome.of(Outcome.State.FAILED, command + ": " + valid.value().last());
      }
    }
    return Outcome.of(
        Outcome.State.FAILED, command + ": no answer of the modem within " + seconds + " s");
  }

  private static byte[] bytes(String command) {
    return (command + "\r").getBytes(StandardCharsets.US_ASCII);
  }
}
