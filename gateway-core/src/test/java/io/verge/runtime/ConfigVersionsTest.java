package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The versions beside the store over power cuts, full disks and damage. */
class ConfigVersionsTest {
  @TempDir private Path folder = Path.of("unset");

  /** The machine stops here. */
  private static final class PowerCut extends RuntimeException {}

  /** A disk on which one operation does not come to its end. */
  private static final class Disk extends WholeFiles {
    private final int lethal;
    private final boolean full;
    private int operations;

    /**
     * @param lethal which operation, from 0 on.
     * @param full refused, and the machine goes on; else the power goes.
     */
    Disk(int lethal, boolean full) {
      this.lethal = lethal;
      this.full = full;
    }

    private void maybe(Path path, byte[] bytes) throws IOException {
      if (operations++ != lethal) {
        return;
      }
      Path fresh = path.resolveSibling(path.getFileName() + ".new");
      Files.write(fresh, java.util.Arrays.copyOf(bytes, bytes.length / 2));
      if (full) {
        Files.delete(fresh);
        throw new IOException("No space left on device");
      }
      throw new PowerCut();
    }

    @Override
    void write(Path path, byte[] bytes) throws IOException {
      maybe(path, bytes);
      super.write(path, bytes);
      maybe(path, bytes);
    }

    @Override
    void delete(Path path) throws IOException {
      maybe(path, new byte[0]);
      super.delete(path);
    }
  }

  private interface Step {
    void on(ConfigVersions versions) throws IOException;
  }

  /** A life: what is done, and the text that must hold after it. */
  private record Deed(Step step, String holds) {}

  private static ConfigVersions.Origin by(String who) {
    return new ConfigVersions.Origin(who, 1_790_000_000_000L, "", "");
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Step file(String text) {
    return versions -> versions.adoptFile(text(text), by("file"));
  }

  private static Step apply(String text) {
    return versions -> versions.begin(text(text), by("cli:anna"), 1000, false, Set.of("lamp-1"));
  }

  private static final List<Deed> LIFE =
      List.of(
          new Deed(file("one"), "one"),
          new Deed(apply("two"), "two"),
          new Deed(versions -> versions.confirm("well"), "two"),
          new Deed(apply("three"), "three"),
          new Deed(versions -> versions.giveBack("ill"), "two"),
          new Deed(file("four"), "four"),
          new Deed(apply("five"), "five"),
          new Deed(file("six"), "six"));

  private static String holds(ConfigVersions versions) throws IOException {
    return versions.active() == 0
        ? ""
        : new String(versions.text(versions.active()), StandardCharsets.UTF_8);
  }

  /** Opened anew, as after a start: a trial under way is given back first. */
  private static String afterStart(Path place) throws IOException {
    ConfigVersions versions = ConfigVersions.open(place, new WholeFiles());
    assertThat(versions.damage()).isEmpty();
    if (versions.trial() != null) {
      versions.giveBack("the gateway ended during the trial");
    }
    assertThat(versions.all().stream().filter(v -> v.state().equals("active")).toList())
        .hasSize(versions.active() == 0 ? 0 : 1);
    return holds(versions);
  }

  @Test
  void aPowerCutAnywhereLeavesTheVersionBeforeOrAfterWhole() throws IOException {
    int cuts = 0;
    for (int lethal = 0; ; lethal++) {
      Path place = folder.resolve("cut-" + lethal);
      ConfigVersions versions = ConfigVersions.open(place, new Disk(lethal, false));
      String before = "";
      String confirmed = "";
      boolean cut = false;
      for (Deed deed : LIFE) {
        try {
          deed.step().on(versions);
        } catch (PowerCut e) {
          cut = true;
        }
        if (cut) {
          assertThat(afterStart(place)).as("cut %d", lethal).isIn(before, confirmed, deed.holds());
          ConfigVersions next = ConfigVersions.open(place, new WholeFiles());
          next.adoptFile(text("next"), by("file"));
          assertThat(afterStart(place)).isEqualTo("next");
          cuts++;
          break;
        }
        confirmed = versions.trial() == null ? deed.holds() : confirmed;
        before = versions.trial() == null ? deed.holds() : before;
      }
      if (!cut) {
        assertThat(afterStart(place)).isEqualTo("six");
        break;
      }
    }
    assertThat(cuts).as("two files a change, before and after each").isGreaterThanOrEqualTo(20);
  }

  @Test
  void aFullDiskChangesNothingButGivesATrialBack() throws IOException {
    int refusals = 0;
    for (int lethal = 0; ; lethal++) {
      Path place = folder.resolve("full-" + lethal);
      ConfigVersions versions = ConfigVersions.open(place, new Disk(lethal, true));
      boolean refused = false;
      for (int d = 0; d < LIFE.size(); d++) {
        String before = holds(versions);
        boolean returning = d == 4;
        try {
          LIFE.get(d).step().on(versions);
        } catch (IOException e) {
          refused = true;
          refusals++;
          assertThat(e).hasMessageContaining("No space left");
          assertThat(holds(versions)).isEqualTo(returning ? "two" : before);
        }
        if (refused && !returning) {
          LIFE.get(d).step().on(versions);
          assertThat(holds(versions)).isEqualTo(LIFE.get(d).holds());
          refused = false;
        }
      }
      if (refusals <= lethal) {
        break;
      }
    }
    assertThat(refusals).isGreaterThanOrEqualTo(20);
  }

  @Test
  void aDamagedIndexIsPutAsideAndNoTextIsOverwritten() throws IOException {
    for (String damage :
        List.of("{", "null", "[]", "{\"versions\":[null],\"active\":1,\"fileSha256\":\"\"}")) {
      Path place = folder.resolve("damaged" + damage.length());
      ConfigVersions first = ConfigVersions.open(place, new WholeFiles());
      first.adoptFile(text("one"), by("file"));
      Files.writeString(place.resolve("index.json"), damage);
      ConfigVersions versions = ConfigVersions.open(place, new WholeFiles());
      assertThat(versions.damage()).contains("index.json.damaged");
      assertThat(versions.active()).isZero();
      versions.adoptFile(text("again"), by("file"));
      assertThat(versions.active()).isEqualTo(2);
      assertThat(place.resolve("1.toml")).hasContent("one");
    }
  }

  @Test
  void aTextThatWasChangedBesideIsNotRun() throws IOException {
    Path place = folder.resolve("changed");
    ConfigVersions first = ConfigVersions.open(place, new WholeFiles());
    first.adoptFile(text("one"), by("file"));
    Files.writeString(place.resolve("1.toml"), "uno");
    assertThatThrownBy(() -> first.text(1)).hasMessageContaining("not what it was");
    assertThat(ConfigVersions.open(place, new WholeFiles()).active()).isZero();
  }

  @Test
  void onlyTheLatestAreKeptAndWhatATrialReturnsTo() throws IOException {
    Path place = folder.resolve("many");
    ConfigVersions versions = ConfigVersions.open(place, new WholeFiles());
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 3 * ConfigIndex.KEPT; i++) {
      versions.adoptFile(text("v" + i), by("file"));
    }
    apply("trial").on(versions);
    assertThat(versions.all()).hasSize(ConfigIndex.KEPT);
    try (var files = Files.newDirectoryStream(place)) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    }
    assertThat(names).hasSize(ConfigIndex.KEPT + 1);
    versions.giveBack("ill");
    assertThat(holds(versions)).isEqualTo("v" + (3 * ConfigIndex.KEPT - 1));
  }
}
