package io.verge.drivers.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.drivers.TableSettings;
import io.verge.model.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every profile that comes with the drivers is read without a problem and says where it is from.
 */
class ProfilesTest {
  @Test
  void everyProfileIsWhole() throws IOException {
    List<String> names = names();
    assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(31);
    int real = 0;
    for (String name : names) {
      TableSettings profile = TableSettings.profile(name);
      assertThat(ModbusProfile.of(profile)).as(name).isNotNull();
      assertThat(profile.problems()).as(name).isEmpty();
      boolean named = profile.has("maker") && profile.has("model") && profile.has("source");
      real += named ? 1 : 0;
    }
    // All but the two of Verge's own reference devices.
    assertThat(real).isEqualTo(names.size() - 2).isGreaterThanOrEqualTo(25);
  }

  @Test
  void aDevicesWordForNoValueIsNoReading() {
    ModbusProfile profile = ModbusProfile.of(TableSettings.profile("sen0352"));
    assertThat(profile).isNotNull();
    MapPoint distance = java.util.Objects.requireNonNull(profile).points().get(0);
    assertThat(distance.value(new int[] {0xFFFF}, 0)).isEqualTo(Sample.NONE);
    assertThat(distance.value(new int[] {1234}, 0)).isEqualTo(1234);
  }

  private static List<String> names() throws IOException {
    try (var in = ProfilesTest.class.getResourceAsStream("/profiles/index")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
