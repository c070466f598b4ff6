package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FindingsTest {
  private static final String ADVICE = "Plugged in? See: ls -l /dev/verge /dev/serial/by-path";

  private static Finding missing(int number) {
    String port = "bin-%02d".formatted(number);
    return Finding.bad("port " + port, "/dev/verge/" + port + " is not there", ADVICE);
  }

  @Test
  void aFewPortsAreNamedOneByOne() {
    List<Finding> findings =
        List.of(Finding.good("clock", "trusted"), missing(1), missing(2), missing(3));
    assertThat(Findings.lines(findings))
        .containsExactly(
            "good     clock: trusted",
            "bad      port bin-01: /dev/verge/bin-01 is not there",
            "         " + ADVICE,
            "bad      port bin-02: /dev/verge/bin-02 is not there",
            "         " + ADVICE,
            "bad      port bin-03: /dev/verge/bin-03 is not there",
            "         " + ADVICE);
  }

  @Test
  void manyPortsWithTheSameAdviceAreOneParagraphOfEightyColumns() {
    List<Finding> findings =
        new ArrayList<>(IntStream.range(1, 21).mapToObj(FindingsTest::missing).toList());
    findings.add(5, Finding.good("port lamps", "/dev/verge/lamps is the gateway's"));
    findings.add(Finding.bad("network", "no default route", "Check the modem"));
    List<String> lines = Findings.lines(findings);
    assertThat(lines)
        .hasSize(7)
        .allMatch(line -> line.length() <= 80)
        .contains("good     port lamps: /dev/verge/lamps is the gateway's")
        .endsWith("bad      network: no default route", "         Check the modem");
    assertThat(lines.get(0))
        .startsWith(
            "bad      port bin-01: /dev/verge/bin-01 is not there; so with 19 more: bin-02,");
    assertThat(String.join(" ", lines)).contains("bin-20");
  }

  @Test
  void whatADeviceSaysCannotSteerTheTerminal() {
    assertThat(Findings.lines(List.of(Finding.good("modem", "answers \u001b[2J"))))
        .containsExactly("good     modem: answers ?[2J");
  }
}
