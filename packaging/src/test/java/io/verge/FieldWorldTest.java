package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.simulator.field.HostileLine.Fault;
import io.verge.simulator.world.FieldWorld;
import io.verge.simulator.world.World;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every family at once for an hour of simulated time, with every fault on. */
class FieldWorldTest {
  private static final int SECONDS = 3600;
  private static final double SHARE = 0.1;
  private static final int ASSETS = 42;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void nothingWrongIsBelievedAndNothingIsLost(long seed) throws Exception {
    Path folder = World.folder();
    try {
      FieldWorld.Result result = FieldWorld.run(seed, SECONDS, SHARE, folder);
      assertThat(result.verdict().named()).as("seed %d", seed).isEmpty();
      assertThat(result.isReconciled()).as("seed %d: %s", seed, result.report().table()).isTrue();
      assertThat(result.faults()).as("seed %d", seed).containsOnlyKeys(Fault.values());
      assertThat(result.verdict().byAsset()).hasSize(ASSETS);
      result
          .verdict()
          .byAsset()
          .forEach(
              (asset, tally) ->
                  assertThat(tally.good())
                      .as("seed %d: %s %s", seed, asset, tally)
                      .isGreaterThan(tally.none() / 2));
    } finally {
      World.clear(folder);
    }
  }
}
