package io.verge.drivers.wire.bcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.BusException;
import io.verge.drivers.HeardReport;
import io.verge.drivers.wire.bcd.WildcardSearch.Heard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WildcardSearchTest {
  private final HeardReport report = new HeardReport();
  private final TreeSet<String> found = new TreeSet<>();
  private int questions;

  @Test
  void metersAreFoundDownToTheirLastByte() throws BusException {
    List<String> meters =
        List.of("330000000001", "330000000101", "340000000101", "330000000250", "999999999999");
    search(meters, 0);
    assertThat(found).containsExactlyInAnyOrderElementsOf(meters);
    assertThat(report.notes()).isEmpty();
    // One for all, and 100 for each byte that does not tell: 01, 01 01, up to the highest.
    assertThat(questions).isEqualTo(1 + 6 * 100);
  }

  @Test
  void oneMeterTakesOneQuestion() throws BusException {
    search(List.of("000000160001"), 0);
    assertThat(found).containsExactly("000000160001");
    assertThat(questions).isEqualTo(1);
  }

  @Test
  void twinsAndMetersThatKnowNoPartsAreReported() throws BusException {
    search(List.of("330000000001", "330000000001"), 0);
    assertThat(report.notes())
        .containsExactly("several meters have the address 330000000001: connect them one by one");
    report.notes().clear();
    search(List.of("330000000001", "330000000002"), 5);
    assertThat(found).isEmpty();
    assertThat(report.notes())
        .containsExactly(
            "several meters or noise at address AAAAAAAAAAAA, but nothing answers to part of an"
                + " address: connect them one by one");
  }

  /**
   * @param whole bytes AA that must stand together or not at all.
   */
  private void search(List<String> meters, int whole) throws BusException {
    found.clear();
    questions = 0;
    new WildcardSearch(
            address -> {
              questions++;
              List<String> answering = new ArrayList<>();
              for (String meter : meters) {
                if (matches(address, Bcd.bytes(meter), whole)) {
                  answering.add(meter);
                }
              }
              if (answering.size() == 1) {
                found.add(answering.get(0));
              }
              return Heard.values()[Math.min(2, answering.size())];
            },
            report,
            6)
        .run();
  }

  private static boolean matches(byte[] asked, byte[] meter, int whole) {
    int wild = 0;
    for (int i = 0; i < asked.length; i++) {
      wild += asked[i] == (byte) 0xAA ? 1 : 0;
      if (asked[i] != (byte) 0xAA && asked[i] != meter[i]) {
        return false;
      }
    }
    return whole == 0 || wild == asked.length || Arrays.equals(asked, meter);
  }
}
