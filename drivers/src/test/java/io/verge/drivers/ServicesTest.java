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
        .contains(
            "a02",
            "at",
            "cjt188",
            "dali",
            "dimmer",
            "dlt645",
            "hcsr04",
            "maxbotix",
            "mbus",
            "modbus",
            "pms",
            "pulse",
            "relay",
            "sds011",
            "tfmini");
    assertThat(ServiceLoader.load(FrameDecoder.class))
        .extracting(FrameDecoder::protocol)
        .contains(
            "a02",
            "at",
            "cjt188",
            "dali",
            "dlt645",
            "maxbotix",
            "mbus",
            "modbus",
            "pms",
            "sds011",
            "tfmini");
  }
}
