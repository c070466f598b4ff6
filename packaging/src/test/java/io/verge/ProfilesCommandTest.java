package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.config.ConfigReader;
import io.verge.config.ProfileInfo;
import io.verge.runtime.Found;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles as a site sees them: ours, its own, and what is wrong with one. */
class ProfilesCommandTest {
  private final ConfigReader reader = Found.configReader(List.of(), Set.of());

  @TempDir private Path folder = Path.of("unset");

  @Test
  void theSkeletonIsAProfile() throws IOException {
    assertThat(reader.checkProfile(own("mine", skeleton()))).isEmpty();
  }

  @Test
  void everyProblemIsToldAtOnce() throws IOException {
    String wrong =
        skeleton().replace("\"voltage\"", "\"Voltage\"").replace("\"u16\"", "\"u17\"")
            + "\nextra = 1\n";
    assertThat(reader.checkProfile(own("mine", wrong))).hasSizeGreaterThanOrEqualTo(3);
    assertThat(reader.checkProfile(own("mine", "type = "))).isNotEmpty();
    assertThat(reader.checkProfile(folder.resolve("none.toml"))).hasSize(1);
  }

  @Test
  void theSitesOwnGoesBeforeOurs() throws IOException {
    int before = ProfileInfo.all(folder).size();
    own("sdm120", skeleton());
    own("mine", skeleton());
    List<ProfileInfo> all = ProfileInfo.all(folder);
    assertThat(before).isGreaterThanOrEqualTo(27);
    assertThat(all).hasSize(before + 1);
    assertThat(all)
        .filteredOn(ProfileInfo::own)
        .extracting(ProfileInfo::name)
        .containsExactly("mine", "sdm120");
  }

  private Path own(String name, String text) throws IOException {
    Path file = Files.createDirectories(folder.resolve("profiles")).resolve(name + ".toml");
    return Files.writeString(file, text);
  }

  private static String skeleton() throws IOException {
    try (InputStream in = ConfigReader.class.getResourceAsStream("/profile-skeleton.toml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
