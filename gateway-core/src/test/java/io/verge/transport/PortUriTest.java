package io.verge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Decoded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortUriTest {
  @ParameterizedTest
  @CsvSource({
    "'',no scheme",
    "/dev/ttyUSB0,no scheme",
    ":x,no scheme",
    "serial:,no place after 'serial:'",
    "serial:?baud=9600,no place",
    "serial:/a?,'' is not key=value",
    "serial:/a?baud,'baud' is not key=value",
    "serial:/a?=9600,'=9600' is not key=value",
    "serial:/a?baud=1&,'' is not key=value",
    "serial:/a?baud=1&baud=2,'baud' twice",
    "SERIAL:/a,scheme 'SERIAL'",
    "' tcp:h:1',scheme ' tcp'",
    "'tcp:h h:1',blank",
  })
  void whatIsWrongIsNamed(String text, String why) {
    assertThat(PortUri.parse(text)).isInstanceOf(Decoded.Invalid.class);
    assertThat(((Decoded.Invalid<PortUri>) PortUri.parse(text)).reason()).contains(why);
  }

  @Test
  void aGoodOneIsPrintedAsItWas() {
    for (String text :
        new String[] {"serial:/dev/x?baud=9600&format=8E1", "tcp:10.0.0.7:4001", "tcp:[::1]:1"}) {
      assertThat(PortUri.parse(text).orThrow().toString()).isEqualTo(text);
    }
  }
}
