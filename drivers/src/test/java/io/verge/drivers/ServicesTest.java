package io.verge.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.DriverFactory;
import io.verge.driver.FrameDecoder;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ServicesTest {
  @Test
  void everyFamilyAndDecoderIsFound() {
    assertThat(ServiceLoader.load(DriverFactory.class))
        .extracting(DriverFactory::family)
        .contains("a02", "mbus", "modbus", "pulse", "relay");
    assertThat(ServiceLoader.load(FrameDecoder.class))
        .extracting(FrameDecoder::protocol)
        .contains("a02", "mbus", "modbus");
  }
}
