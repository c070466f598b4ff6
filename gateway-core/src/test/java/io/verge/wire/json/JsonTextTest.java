package io.verge.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Decoded;
import io.verge.wire.aliyun.LinkKit;
import io.verge.wire.aliyun.SignIn;
import io.verge.wire.thingsboard.ThingsBoard;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void readsACallOfThingsBoard() {
    ThingsBoard.Rpc rpc =
        ThingsBoard.rpc(
                bytes(
                    "{\"device\":\"lamp-17\",\"data\":{\"id\":4,\"method\":\"set-level\","
                        + "\"params\":{\"level\":30}}}"))
            .orThrow();
    assertThat(rpc).isEqualTo(new ThingsBoard.Rpc("lamp-17", 4, "set-level", Map.of("level", 30L)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}{}",
        "{\"a\":1,\"a\":2}",
        "{'a':1}",
        "{\"a\":NaN}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":11111111111111111111111111111111111111111}",
        "{\"a\":[[[[[[[[[[1]]]]]]]]]]}",
        "{\"a\":1}x"
      })
  void refusesWhatIsNotOneJsonObject(String text) {
    assertThat(JsonText.read(bytes(text))).isInstanceOf(Decoded.Invalid.class);
  }

  @Test
  void refusesWhatIsTooLongOrTooMuch() {
    assertThat(JsonText.read(new byte[JsonText.BYTES_MAX + 1])).isInstanceOf(Decoded.Invalid.class);
    assertThat(JsonText.read(bytes("{\"a\":[" + "1,".repeat(2000) + "1]}")))
        .isInstanceOf(Decoded.Invalid.class);
    assertThat(JsonText.read(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'}))
        .isInstanceOf(Decoded.Invalid.class);
  }

  @Test
  void whateverComesIsAValueOrAReason() {
    byte[][] good = {
      bytes("{\"device\":\"lamp-17\",\"data\":{\"id\":4,\"method\":\"a\",\"params\":{\"b\":3.5}}}"),
      bytes("{\"id\":\"123\",\"code\":200,\"data\":{},\"message\":\"success\"}"),
      bytes("{\"id\":\"1\",\"version\":\"1.0\",\"params\":{\"target\":\"lamp-1\",\"level\":3}}")
    };
    Random random = new Random(7);
    int invalid = 0;
    for (int run = 0; run < 30_000; run++) {
      byte[] bytes = good[run % good.length].clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] =
            run % 2 == 0
                ? (byte) random.nextInt()
                : (byte) "{}[]\",:0e-".charAt(random.nextInt(10));
      }
      for (Decoded<?> read :
          new Decoded<?>[] {ThingsBoard.rpc(bytes), LinkKit.reply(bytes), LinkKit.call(bytes)}) {
        invalid += read instanceof Decoded.Invalid<?> ? 1 : 0;
      }
    }
    assertThat(invalid).isBetween(60_000, 90_000);
  }

  /** The signature is that of {@code openssl dgst -sha256 -hmac} over the same text. */
  @Test
  void signsIn() {
    SignIn signIn = SignIn.of("pk", "dn", "secret", "verge.gw-1", 1_000, false);
    assertThat(signIn.client())
        .isEqualTo("verge.gw-1|securemode=3,signmethod=hmacsha256,timestamp=1000|");
    assertThat(signIn.user()).isEqualTo("dn&pk");
    assertThat(signIn.password())
        .isEqualTo("8a9a1abd02ac55a53628a0b8ce917551b393de5c3ad8491f2bec62a06f253208");
  }
}
