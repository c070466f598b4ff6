package io.verge.simulator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shortest live scene of the link campaign; the rest: {@code packaging/faults link}. */
class LinkCampaignTest {
  private static final int SECONDS = 5;

  @TempDir private Path folder = Path.of("unset");

  @Test
  void connectionsThatFallSilentLoseNothing() throws Exception {
    LinkBooks books = LiveScene.strands(SECONDS).run(3, folder);
    assertThat(books.isClosed()).as("%s", books).isTrue();
    assertThat(books.acquired()).isGreaterThan(100);
    assertThat(books.note()).contains("struck 1 times");
  }

  @Test
  void booksWithAHoleAreNotClosed() {
    assertThat(new LinkBooks(10, 10, 0, 0, 0, 0, "", List.of()).isClosed()).isTrue();
    assertThat(new LinkBooks(10, 8, 2, 0, 0, 0, "", List.of()).isClosed()).isTrue();
    assertThat(new LinkBooks(10, 9, 0, 0, 0, 0, "", List.of()).isClosed()).isFalse();
    assertThat(new LinkBooks(10, 10, 0, 1, 0, 0, "", List.of()).isClosed()).isFalse();
    assertThat(new LinkBooks(10, 10, 0, 0, 1, 0, "", List.of()).isClosed()).isFalse();
    assertThat(new LinkBooks(0, 0, 0, 0, 0, 0, "", List.of()).isClosed()).isFalse();
    assertThat(new LinkBooks(10, 10, 0, 0, 0, 0, "", List.of()).must(false, "other").isClosed())
        .isFalse();
  }
}
