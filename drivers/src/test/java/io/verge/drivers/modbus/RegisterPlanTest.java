package io.verge.drivers.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.drivers.modbus.RegisterPlan.Limits;
import io.verge.drivers.modbus.RegisterPlan.Place;
import io.verge.drivers.modbus.RegisterPlan.Read;
import io.verge.drivers.modbus.RegisterPlan.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegisterPlanTest {
  @ParameterizedTest(name = "{0} at most {1}, gap {2}: {3}")
  @CsvSource({
    // function:register+words
    "4:0+1, 125, 0, 4:0+1",
    "4:0+1 4:1+1 4:2+2, 125, 0, 4:0+4",
    "4:2+2 4:1+1 4:0+1, 125, 0, 4:0+4",
    "4:0+1 4:2+1, 125, 0, 4:0+1 4:2+1",
    "4:0+1 4:2+1, 125, 1, 4:0+3",
    "4:0+1 3:1+1, 125, 9, 3:1+1 4:0+1",
    "4:0+2 4:1+1, 125, 0, 4:0+2",
    "4:0+2 4:0+2, 125, 0, 4:0+2",
    "4:0+4 4:4+4 4:8+4, 8, 0, 4:0+8 4:8+4",
    "4:0+4 4:3+4, 6, 0, 4:0+4 4:3+4",
    "4:0+1 4:124+1, 125, 123, 4:0+125",
    "4:0+1 4:125+1, 125, 124, 4:0+1 4:125+1",
    "4:65534+2, 125, 0, 4:65534+2",
    "1:0+1 1:7+9 2:0+8 3:0+1, 4, 6, 1:0+16 2:0+8 3:0+1",
    "1:0+1 1:7+10, 125, 6, 1:0+1 1:7+10",
  })
  void mergesNeighbours(String spans, int most, int gap, String reads) {
    RegisterPlan plan =
        RegisterPlan.of(
            Arrays.stream(spans.split(" ")).map(RegisterPlanTest::span).toList(),
            new Limits(most, 16, gap));
    assertThat(plan.reads())
        .isEqualTo(
            Arrays.stream(reads.split(" "))
                .map(RegisterPlanTest::span)
                .map(span -> new Read(span.function(), span.register(), span.words()))
                .toList());
  }

  @Test
  void everySpanIsInsideItsReadAndNoReadIsTooLong() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<Span> spans = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(64); i++) {
        spans.add(new Span(1 + random.nextInt(4), random.nextInt(400), 1 + random.nextInt(4)));
      }
      int most = 4 + random.nextInt(122);
      RegisterPlan plan = RegisterPlan.of(spans, new Limits(most, most, random.nextInt(20)));
      for (int i = 0; i < spans.size(); i++) {
        Place place = plan.places().get(i);
        Read read = plan.reads().get(place.read());
        assertThat(read.function()).isEqualTo(spans.get(i).function());
        assertThat(read.register() + place.offset())
            .as("seed %d span %d", seed, i)
            .isEqualTo(spans.get(i).register());
        assertThat(place.offset() + spans.get(i).words()).isBetween(1, read.words());
      }
      assertThat(plan.reads()).as("seed %d", seed).allMatch(read -> read.words() <= most);
    }
  }

  private static Span span(String text) {
    String[] parts = text.split("[:+]");
    return new Span(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }
}
