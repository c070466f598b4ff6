package io.verge.drivers.dali;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.drivers.ScriptedBus;
import io.verge.drivers.TableSettings;
import io.verge.drivers.wire.dali.Dali;
import io.verge.drivers.wire.dali.DaliCurve;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DaliTest {
  private final DaliDecoder decoder = new DaliDecoder();

  @Test
  void framesOfTheSources() {
    // Foxtron protocol 1.7, section 2; python-dali test_unipi: DAPC and RESET for short address 1.
    assertThat(json("0130313030313046463130444617"))
        .containsEntry("dali_frame", "FF10")
        .containsEntry("command", "GO TO SCENE 0")
        .containsEntry("target", "all");
    assertThat(json("0202")).containsEntry("target", "short 1").containsEntry("level", 2L);
    assertThat(json("0320")).containsEntry("command", "RESET").containsEntry("twice", true);
    // Answers as python-dali's drivers read them: SCI 8 bit in d2; LUBA event of 8 bit.
    assertThat(json("020000E4E6")).containsEntry("value", 228L).containsEntry("master", "sci");
    assertThat(json("593105000000885EE2")).containsEntry("value", 94L);
    assertThat(json(Hex.plain("hFF05\n".getBytes(StandardCharsets.US_ASCII))))
        .containsEntry("command", "RECALL MAX LEVEL");
  }

  @Test
  void everyTruncationAndBitFlipOfACheckedFrameIsRefusedOrAnotherKind() {
    for (String text : List.of("0130313030313046463130444617", "593105000000885EE2")) {
      byte[] frame = hex(text);
      String title = decoder.decode(frame).orThrow().title();
      for (int length = 0; length < frame.length; length++) {
        assertNot(title, Arrays.copyOf(frame, length));
      }
      for (int bit = 0; bit < frame.length * 8; bit++) {
        byte[] flipped = frame.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        // Foxtron's digits may be small letters.
        if (!(text.startsWith("01") && bit % 8 == 5)) {
          assertNot(title, flipped);
        }
      }
    }
  }

  private void assertNot(String title, byte[] bytes) {
    if (decoder.decode(bytes)
        instanceof io.verge.bytes.Decoded.Valid<io.verge.driver.FrameDecoder.Explained> valid) {
      assertThat(valid.value().title()).as(Hex.plain(bytes)).isNotEqualTo(title);
    }
  }

  @Test
  void randomBytesNeverThrow() {
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = i % 5 == 0 ? 0x59 : i % 5 == 1 ? 0x01 : bytes[0];
      }
      assertThat(decoder.decode(bytes)).isNotNull();
    }
  }

  @Test
  void percentsAndLevelsAreEachOthersInverse() {
    for (int level = 1; level <= 254; level++) {
      assertThat(DaliCurve.LINEAR.percent(level)).isBetween(1, 100);
    }
    for (int percent = 1; percent <= 100; percent++) {
      int level = DaliCurve.LOGARITHMIC.level(percent);
      assertThat(DaliCurve.LOGARITHMIC.light(level) / 1000.0)
          .isBetween(percent * 0.986, percent * 1.014);
      assertThat(DaliCurve.LINEAR.percent(DaliCurve.LINEAR.level(percent))).isEqualTo(percent);
    }
    assertThat(DaliCurve.LOGARITHMIC.level(100)).isEqualTo(254);
    assertThat(DaliCurve.LOGARITHMIC.level(0)).isZero();
  }

  @Test
  void statusAndLevelThroughEachMaster() throws BusException {
    // Short address 5: QUERY STATUS 0B90, QUERY ACTUAL LEVEL 0BA0.
    Spoken sci =
        new Spoken().on("230B9000B8", "0000000000 0200000406").on("230BA00088", "020000E5E7");
    assertLit(driver("master = 'sci'\naddress = 5\ncurve = 'log'").poll(sci));
    Spoken luba =
        new Spoken()
            .on(luba(0x0B90), "5933020001 30 59310700000000010B90 AC 5931050000008804B8")
            .on(luba(0x0BA0), "5933020001 30 59310700000000010BA0 9C 593105000000 88E559");
    assertLit(driver("master = 'luba'\naddress = 5\ncurve = 'log'").poll(luba));
    Spoken atx =
        new Spoken().on(ascii("h0B90\n"), ascii("J04\n")).on(ascii("h0BA0\n"), ascii("JE5\n"));
    assertLit(driver("master = 'atx'\naddress = 5\ncurve = 'log'").poll(atx));
  }

  private static void assertLit(Readout readout) {
    assertThat(readout.why()).isEmpty();
    assertThat(readout.quality()).isEqualTo(Quality.GOOD);
    assertThat(readout.values()).containsExactly(51, 229, 4, 0, 0);
  }

  @Test
  void absenceMaskCollisionAndErrorAreNoReadings() throws BusException {
    DaliDriver driver = driver("master = 'sci'\naddress = 5\ncurve = 'log'");
    String status = "230B9000B8";
    String level = "230BA00088";
    assertThat(driver.poll(new Spoken()).why()).isEqualTo("the DALI master does not answer");
    Readout absent = driver.poll(new Spoken().on(status, "0100000001"));
    assertThat(absent.quality()).isEqualTo(Quality.TIMEOUT);
    assertThat(absent.why()).isEqualTo("the gear does not answer");
    // A master that says only that it has sent, and nothing after it.
    assertThat(driver.poll(new Spoken().on(status, "0000000000")).why())
        .isEqualTo("the gear does not answer");
    assertThat(driver.poll(new Spoken().on(status, "0700000205")).quality())
        .isEqualTo(Quality.REFUSED);
    assertThat(driver.poll(new Spoken().on(status, "0700000502")).quality())
        .isEqualTo(Quality.GARBLED);
    Readout mask = driver.poll(new Spoken().on(status, "0200000200").on(level, "020000FFFD"));
    assertThat(mask.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(mask.values()).containsExactly(Sample.NONE, Sample.NONE, 2, 1, 0);
  }

  @Test
  void everyBitFlipOfAnAnswerIsNoOtherAnswer() throws BusException {
    byte[] answer = hex("593105000000885EE2");
    for (int bit = 0; bit < answer.length * 8; bit++) {
      byte[] flipped = answer.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Spoken luba =
          new Spoken()
              .on(luba(0x0B90), "5933020001 30 59310700000000010B90 AC" + Hex.plain(flipped));
      Readout readout = driver("master = 'luba'\naddress = 5\ncurve = 'log'").poll(luba);
      assertThat(readout.quality()).as("bit %d", bit).isNotEqualTo(Quality.GOOD);
      assertThat(readout.values()[DaliPoints.STATUS]).as("bit %d", bit).isEqualTo(Sample.NONE);
    }
  }

  @Test
  void banksAreReadLatchedAndInPlace() throws BusException {
    Gear gear = new Gear(5);
    // python-dali test_memory: 10 000 Wh and 1000 W.
    gear.bank(202, "0FFFFF01 0300000000000A 00000003E8");
    DaliDriver driver = driver("master = 'sci'\naddress = 5\nbanks = '202'");
    Readout readout = driver.poll(gear);
    assertThat(readout.why()).isEmpty();
    assertThat(readout.values()).containsExactly(51, 229, 4, 0, 0, 100_000, 10_000);
    assertThat(gear.latched).isTrue();
    for (int at = 2; at <= 14; at++) {
      gear.loses = at;
      Readout lost = driver.poll(gear);
      if (at < 14) {
        assertThat(lost.why()).contains("an answer was lost while bank 202 was read");
        assertThat(lost.values()).containsExactly(51, 229, 4, 0, 0, Sample.NONE, Sample.NONE);
      } else {
        assertThat(lost.values()).containsExactly(51, 229, 4, 0, 0, 100_000, Sample.NONE);
      }
    }
    gear.bank(202, "0FFFFF01 AA00000000000A 00FFFFFFFE");
    Readout invalid = driver.poll(gear);
    assertThat(invalid.values()).containsExactly(51, 229, 4, 0, 0, Sample.NONE, Sample.NONE);
    assertThat(invalid.why())
        .isEqualTo("energy is written in no valid form; power is not there for now");
    gear.bank(202, "0FFFFF01 03FFFFFFFFFFFF 00FFFFFFFF");
    assertThat(driver.poll(gear).quality()).as("MASK is no fault").isEqualTo(Quality.GOOD);
    gear.banks.clear();
    Readout none = driver.poll(gear);
    assertThat(none.why()).isEqualTo("the gear has no memory bank 202");
    assertThat(none.values()).containsExactly(51, 229, 4, 0, 0, Sample.NONE, Sample.NONE);
  }

  @Test
  void ordersAreReadBack() throws BusException {
    Gear gear = new Gear(5);
    DaliDriver driver = driver("master = 'sci'\naddress = 5");
    Outcome set = driver.execute(gear, new Order("set-level", Map.of("level", 40L)));
    assertThat(set.state()).isEqualTo(Outcome.State.DONE);
    assertThat(gear.level).isEqualTo(220);
    assertThat(driver.execute(gear, new Order("off", Map.of())).details())
        .containsEntry("level", 0L);
    gear.least = 85;
    Outcome limited = driver.execute(gear, new Order("set-level", Map.of("level", 0L)));
    assertThat(limited.state()).isEqualTo(Outcome.State.DONE);
    gear.least = 200;
    Outcome low = driver.execute(gear, new Order("set-level", Map.of("level", 5L)));
    assertThat(low.state()).isEqualTo(Outcome.State.FAILED);
    assertThat(low.why()).isEqualTo("level 5 was sent, the gear holds 23, its limit");
    assertThat(driver.execute(gear, new Order("set-level", Map.of("level", 101L))).state())
        .isEqualTo(Outcome.State.REJECTED);
    assertThat(driver.execute(gear, new Order("add-group", Map.of("group", 9L))).state())
        .isEqualTo(Outcome.State.DONE);
    assertThat(gear.groups).isEqualTo(1 << 9);
    assertThat(driver.execute(gear, new Order("remove-group", Map.of("group", 9L))).state())
        .isEqualTo(Outcome.State.DONE);
    assertThat(gear.groups).isZero();
    assertThat(driver.execute(gear, new Order("add-group", Map.of("group", 16L))).state())
        .isEqualTo(Outcome.State.REJECTED);
    assertThat(driver.execute(gear, new Order("recall-max", Map.of())).details())
        .containsEntry("level", 100L);
  }

  @Test
  void thePerCentThatWasSetIsShownThoughAnotherHasItsLevel() throws BusException {
    Gear gear = new Gear(5);
    String settings = "master = 'sci'\naddress = 5\ncurve = 'log'";
    DaliDriver driver = driver(settings);
    driver.execute(gear, new Order("set-level", Map.of("level", 50L)));
    assertThat(gear.level).isEqualTo(229);
    assertThat(driver.poll(gear).values()[DaliPoints.LEVEL]).isEqualTo(50);
    DaliDriver restarted = driver(settings);
    long read = restarted.poll(gear).values()[DaliPoints.LEVEL];
    assertThat(read).isEqualTo(51);
    assertThat(restarted.shown("level", 50)).as("so it was done").isEqualTo(read);
    assertThat(restarted.shown("level", 40)).isNotEqualTo(read);
    assertThat(restarted.shown("level", 0)).isZero();
    gear.level = 230;
    assertThat(driver.poll(gear).values()[DaliPoints.LEVEL]).isEqualTo(52);
  }

  @Test
  void aLinearGearIsAskedOnce() throws BusException {
    Gear gear = new Gear(5);
    gear.curve = 1;
    gear.level = 127;
    DaliDriver driver = driver("master = 'sci'\naddress = 5");
    assertThat(driver.poll(gear).values()[DaliPoints.LEVEL]).isEqualTo(50);
    int asked = gear.frames;
    driver.poll(gear);
    assertThat(gear.frames - asked).isEqualTo(2);
  }

  @Test
  void settings() {
    DaliDriverFactory factory = new DaliDriverFactory();
    for (String wrong : List.of("master = 'usb'\naddress = 1", "master = 'sci'\naddress = 64")) {
      TableSettings settings = TableSettings.of(wrong);
      factory.create(settings, null, null);
      assertThat(settings.problems()).as(wrong).hasSize(1);
    }
    for (String banks : List.of("201", "202 202", "two", "202;203")) {
      TableSettings settings =
          TableSettings.of("master = 'sci'\naddress = 1\nbanks = '" + banks + "'");
      assertThat(factory.create(settings, null, null)).isNull();
      assertThat(settings.problems()).as(banks).hasSize(1);
    }
    TableSettings all =
        TableSettings.of("master = 'luba'\naddress = 1\nbanks = '202,203,204,205,206,207'");
    assertThat(Objects.requireNonNull(factory.create(all, null, null)).points()).hasSize(37);
    assertThat(factory.place(all)).isEqualTo("address 1");
  }

  private Map<String, Object> json(String hex) {
    return decoder.decode(hex(hex)).orThrow().json();
  }

  private static String luba(int frame) {
    byte[] bytes = hex("593207001002" + String.format("%04X", frame) + "000000");
    for (int i = 1; i < bytes.length - 1; i++) {
      bytes[bytes.length - 1] ^= bytes[i];
    }
    return Hex.plain(bytes);
  }

  private static String ascii(String text) {
    return Hex.plain(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static DaliDriver driver(String settings) {
    return (DaliDriver)
        Objects.requireNonNull(
            new DaliDriverFactory().create(TableSettings.of(settings), null, null));
  }

  private static byte[] hex(String text) {
    return Hex.parse(text).orThrow();
  }

  /** A master that says these bytes to each request; what is not taken can be listened to. */
  private static class Spoken implements BusSession {
    private final Map<String, String> answers = new HashMap<>();
    private byte[] rest = new byte[0];

    Spoken on(String request, String answer) {
      answers.put(request, answer);
      return this;
    }

    String answer(String request) {
      return answers.getOrDefault(request, "");
    }

    @Override
    public Answer transact(byte[] request, Framer framer) {
      rest = hex(answer(Hex.plain(request)));
      return listen(framer, 1);
    }

    @Override
    public Answer listen(Framer framer, int waitMs) {
      byte[] wire = rest;
      while (rest.length > 0) {
        var framing = framer.examine(rest, rest.length);
        if (framing.state() == io.verge.driver.Framing.State.NEED_MORE) {
          break;
        }
        byte[] taken = Arrays.copyOf(rest, framing.length());
        rest = Arrays.copyOfRange(rest, framing.length(), rest.length);
        if (framing.state() == io.verge.driver.Framing.State.COMPLETE) {
          return new Answer.Frame(taken);
        }
      }
      rest = new byte[0];
      return ScriptedBus.heard(wire, (received, length) -> io.verge.driver.Framing.needMore());
    }

    @Override
    public void send(byte[] frame) {
      throw new AssertionError("a master answers everything");
    }
  }

  /** One gear behind an SCI, after IEC 62386-102. */
  private static final class Gear extends Spoken {
    private final int address;
    private final Map<Integer, byte[]> banks = new HashMap<>();
    private int level = 229;
    private int least;
    private int groups;
    private int curve = -1;
    private int dtr0;
    private int dtr1;
    private boolean mayWrite;
    private boolean latched;
    private int loses;
    private int frames;

    Gear(int address) {
      this.address = address;
    }

    void bank(int number, String bytes) {
      banks.put(number, hex(bytes));
    }

    @Override
    String answer(String request) {
      byte[] bytes = hex(request);
      frames++;
      int value = obey((bytes[1] & 0xFF) << 8 | bytes[2] & 0xFF, (bytes[0] & 0x10) != 0);
      return value < 0 ? "0100000001" : String.format("020000%02X%02X", value, value ^ 2);
    }

    private int obey(int frame, boolean twice) {
      int value = frame & 0xFF;
      switch (frame >> 8) {
        case Dali.DTR0 -> dtr0 = value;
        case Dali.DTR1 -> dtr1 = value;
        case Dali.WRITE_MEMORY_SILENTLY -> {
          latched |= mayWrite && dtr0 == 2 && value == 0xAA;
          dtr0++;
        }
        default -> {
          if (frame >> 9 == address) {
            return (frame & 0x100) == 0 ? dim(value) : command(value, twice);
          }
        }
      }
      return -1;
    }

    private int dim(int value) {
      level = value == 0 ? 0 : Math.max(least, value);
      return -1;
    }

    private int command(int opcode, boolean twice) {
      if (opcode >= 0x60 && opcode < 0x80) {
        int bit = 1 << (opcode & 15);
        groups = !twice ? groups : opcode < 0x70 ? groups | bit : groups & ~bit;
        return -1;
      }
      mayWrite |= opcode == 0x81 && twice;
      return switch (opcode) {
        case 0x00 -> dim(0);
        case 0x05 -> dim(254);
        case 0x90 -> (level > 0 ? 4 : 0) | (level > 0 && level == least ? 8 : 0);
        case 0x98 -> dtr0;
        case 0xA0 -> level;
        case 0xC0 -> groups & 0xFF;
        case 0xC1 -> groups >> 8;
        case 0xC5 -> memory();
        case 0xEE -> curve;
        default -> -1;
      };
    }

    private int memory() {
      byte[] bank = banks.get(dtr1);
      if (bank == null) {
        return -1;
      }
      if (loses > 0 && --loses == 0) {
        dtr0++; // the answer was lost, and the bus asked again
      }
      return dtr0 < bank.length ? bank[dtr0++] & 0xFF : -1;
    }
  }

  @Test
  void exactDecimals() {
    assertThat(json("FF0000000003E8")).containsEntry("value", new BigDecimal("100.0"));
  }
}
