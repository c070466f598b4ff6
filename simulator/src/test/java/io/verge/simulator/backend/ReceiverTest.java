package io.verge.simulator.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiverTest extends ReceiverRules {
  @Override
  String where(String name) {
    return folder.resolve(name + ".db").toString();
  }

  @Override
  long seeds() {
    return 40;
  }

  @Test
  void aDayOfTheStreetIsWrittenQuickly() throws LedgerException {
    ready();
    long began = System.nanoTime();
    long readings = 0;
    for (int bseq = 1; readings < 462_000; bseq++) {
      send(Messages.batch(bseq, 1 + 100L * (bseq - 1), 5, List.of()));
      readings += 500;
    }
    long took = System.nanoTime() - began;
    System.getLogger("bench")
        .log(
            System.Logger.Level.WARNING,
            "ledger: {0} readings in {1} ms",
            readings,
            took / 1_000_000);
    assertThat(ledger.report().totalReadings()).isEqualTo(readings);
  }

  @Test
  void anAddressOfSomethingElseIsRefusedWithItsForm() {
    assertThatThrownBy(() -> Ledger.open("jdbc:oracle:thin:city/secret", Ledger.Durability.FULL))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("jdbc:postgresql://HOST/DATABASE, not jdbc:oracle")
        .hasMessageNotContaining("secret");
  }
}
