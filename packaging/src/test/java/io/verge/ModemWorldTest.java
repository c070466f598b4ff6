package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.simulator.device.SimulatedModem.Fault;
import io.verge.simulator.world.ModemWorld;
import io.verge.simulator.world.World;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped gateway, its AT driver and its relay against a modem in which things go wrong. */
class ModemWorldTest {
  private Path folder = Path.of("unset");

  @BeforeEach
  void open() throws Exception {
    folder = World.folder();
  }

  @AfterEach
  void clear() throws Exception {
    World.clear(folder);
  }

  private List<String> events() throws Exception {
    List<String> events = new ArrayList<>();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("city.db"));
        var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT kind, details FROM event_row WHERE kind LIKE 'modem.%' ORDER BY rseq")) {
      while (rows.next()) {
        String details = rows.getString(2);
        String step =
            details
                .replaceAll(".*\"(?:step|last)\":\"([a-z]*)\".*", "$1")
                .replaceAll(".*\"hours\":(\\d+).*", "$1 h");
        events.add(rows.getString(1) + " " + step);
      }
    }
    return events;
  }

  /**
   * What is wrong, the step that mends it, minutes until packets pass at most: six until a batch
   * was not acked, fifteen, ten for each step before, and half of one for the modem to start.
   */
  @ParameterizedTest
  @CsvSource({
    "FORGOTTEN, reregister, 22",
    "RADIO_HANGS, radio, 33",
    "PROGRAM_HANGS, reset, 44",
    "DEAD, power, 55",
    "HOST_HANGS, reboot, 66"
  })
  void theRightStepBringsTheLinkBack(Fault fault, String mends, int minutes) throws Exception {
    ModemWorld.Result result = ModemWorld.run(1, fault, 4, "", folder);
    assertThat(result.silentMinutes()).as("%s", result).isBetween(15, minutes);
    assertThat(result.done()).containsEntry(mends, 1);
    assertThat(events())
        .contains("modem.step " + mends)
        .last()
        .isEqualTo("modem.recovered " + (mends.equals("reboot") ? "" : mends));
    assertThat(result.report().isWhole()).isTrue();
  }

  @Test
  void whatNothingMendsEndsInALockOutAndTheLimitsHold() throws Exception {
    ModemWorld.Result result =
        ModemWorld.run(
            2,
            Fault.HOST_HANGS,
            8,
            "reset_a_day = 1\nreboot_a_day = 0\nlock_out = \"3h\"\n",
            folder);
    assertThat(result.silentMinutes()).isEqualTo(-1);
    assertThat(events())
        .containsExactly(
            "modem.step reregister",
            "modem.step radio",
            "modem.step reset",
            "modem.step power",
            "modem.locked-out 3 h",
            "modem.step reregister",
            "modem.step radio",
            "modem.step power",
            "modem.locked-out 3 h");
  }

  @Test
  void aLinkThatIsWellIsLeftAlone() throws Exception {
    ModemWorld.Result result = ModemWorld.run(3, Fault.NONE, 3, "", folder);
    assertThat(result.done()).isEmpty();
    assertThat(events()).isEmpty();
    assertThat(result.report().isWhole()).isTrue();
  }
}
