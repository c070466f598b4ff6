package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.local.FrameView;
import io.verge.model.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TracesTest {
  private final Traces traces = new Traces(() -> STAMP);

  private static final Stamp STAMP = new Stamp(1, 5, Stamp.NO_UTC, 0);

  @Test
  void theLastFramesAreKeptAndTheNextOnesFollow() {
    traces.add("a", "modbus");
    for (int i = 0; i < Traces.KEPT + 10; i++) {
      traces.saw("a", i * 1_000_000L, true, new byte[] {(byte) i});
    }
    traces.saw("unknown", 0, true, new byte[] {1});
    List<FrameView> heard = new ArrayList<>();
    Runnable end = Objects.requireNonNull(traces.follow("a", heard::add));
    assertThat(heard).hasSize(Traces.KEPT);
    assertThat(heard.get(0).monoMs()).isEqualTo(10);
    traces.saw("a", 0, false, new byte[] {(byte) 0xE5});
    assertThat(heard.get(Traces.KEPT).hex()).isEqualTo("E5");
    end.run();
    traces.saw("a", 0, false, new byte[] {1});
    assertThat(heard).hasSize(Traces.KEPT + 1);
    assertThat(traces.follow("b", heard::add)).isNull();
  }
}
