package io.verge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.local.FakeDesk;
import io.verge.local.FrameView;
import io.verge.local.PointView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchPageTest {
  private static final Glyphs PLAIN = Glyphs.of(false, false);

  private final FakeDesk desk = new FakeDesk();
  private final WatchModel model = new WatchModel();

  private void look() {
    model.look(desk.status(), desk.points, desk.events);
  }

  private static PointView point(
      String asset, String name, @Nullable String value, String quality, @Nullable String at) {
    return new PointView(asset, name, value, "%", quality, at, 1_000L);
  }

  @Test
  void fitsEverySizeAndEndsWithTheKeys() {
    for (int i = 0; i < 200; i++) {
      desk.points.add(point("lamp-" + i, "level", "" + i % 101, "good", null));
      desk.points.add(point("container-" + i, "fill", "" + i % 101, "good", null));
    }
    look();
    for (int rows = 16; rows <= 60; rows += 4) {
      for (int columns = 60; columns <= 200; columns += 20) {
        RawTerminal.Size size = new RawTerminal.Size(rows, columns);
        for (String selected : List.of("lamp-17", "lamp-150", "container-199")) {
          List<String> page = WatchPage.draw(model, PLAIN, size, selected);
          assertThat(page).as("%s", size).hasSizeLessThanOrEqualTo(rows);
          assertThat(page).as("%s", size).allMatch(line -> Text.width(line) <= size.columns());
          List<String> asset = AssetPage.draw(model, PLAIN, size, selected, List.of(), "");
          assertThat(asset).hasSize(rows).allMatch(line -> Text.width(line) <= size.columns());
        }
      }
    }
    List<String> page = WatchPage.draw(model, PLAIN, new RawTerminal.Size(24, 80), "lamp-150");
    assertThat(page).hasSize(24);
    assertThat(page.get(23)).contains("q quit");
    assertThat(page).anyMatch(line -> line.startsWith("> lamp-150"));
  }

  @Test
  void showsWhatIsWrongFirst() {
    look();
    List<String> page = WatchPage.draw(model, PLAIN, new RawTerminal.Size(24, 80), "lamp-17");
    assertThat(page.get(1)).isEqualTo("! city: the uplink is down: connection refused, for 48m");
    assertThat(page).anyMatch(line -> line.startsWith("rs485-1") && line.contains("0.8%"));
  }

  @Test
  void lampsAndContainersArePictures() {
    desk.points.clear();
    desk.points.add(point("a", "level", "100", "good", null));
    desk.points.add(point("b", "level", "30", "good", null));
    desk.points.add(point("c", "level", "0", "good", null));
    desk.points.add(point("d", "level", null, "timeout", null));
    desk.points.add(point("bin", "fill", "50", "good", null));
    look();
    List<String> page = WatchPage.draw(model, PLAIN, new RawTerminal.Size(24, 80), "a");
    assertThat(page).contains("lamps      # o . x   2 of 4 lit, 1 silent");
    assertThat(page).contains("containers bin ####----  50%");
  }

  @Test
  void errorRateIsThatOfTheLooksRemembered() {
    look();
    assertThat(model.errorPercent(desk.status().buses().get(0))).isEqualTo(100.0 * 9 / 1200);
  }

  @Test
  void oneValueASampleMakesTheTrend() {
    for (String at : List.of("1", "1", "2", "3")) {
      desk.points.clear();
      desk.points.add(point("a", "level", at, "good", at));
      look();
    }
    assertThat(model.trail("a", "level")).containsExactly(1.0, 2.0, 3.0);
    assertThat(PLAIN.spark(model.trail("a", "level"), 10)).isEqualTo("_=#");
    assertThat(PLAIN.spark(List.of(1.0, Double.NaN, 5.0), 2)).isEqualTo(" _");
  }

  @Test
  void framesStandInAnAssetsPage() {
    look();
    model.frames(List.of(new FrameView("rs485-1", "2026-11-24T10:00:00Z", 1, true, "0103", "")));
    List<String> page =
        AssetPage.draw(model, PLAIN, new RawTerminal.Size(24, 80), "lamp-17", List.of(), "");
    assertThat(page.get(0)).contains("lamp-17").endsWith("bus rs485-1 up, errors 0.8%");
    assertThat(page).contains("2026-11-24T10:00:00Z  >  01 03");
  }

  @Test
  void hostileNamesDoNotReachTheTerminal() {
    String evil = "x\u001b[2J\n\u0007";
    desk.points.add(new PointView(evil, "level", evil, evil, "good", evil, 1L));
    desk.points.add(new PointView(evil, "fill", "3", evil, evil, evil, 1L));
    look();
    List<String> all = new ArrayList<>();
    for (String selected : List.of("lamp-17", evil)) {
      RawTerminal.Size size = new RawTerminal.Size(24, 80);
      all.addAll(WatchPage.draw(model, PLAIN, size, selected));
      all.addAll(AssetPage.draw(model, PLAIN, size, selected, List.of(), evil));
    }
    assertThat(all).noneMatch(line -> line.contains("\u001b") || line.contains("\n"));
  }

  @Test
  void keysComeInHeaps() {
    assertThat(WatchScreen.keys("jj\r\u001b[B\u001b[6~\u001bOAq"))
        .containsExactly("j", "j", "\r", "\u001b[B", "\u001b[6~", "\u001bOA", "q");
    assertThat(WatchScreen.keys("\u001b")).containsExactly("\u001b");
    assertThat(WatchScreen.keys("\u001b[")).containsExactly("\u001b[");
  }
}
