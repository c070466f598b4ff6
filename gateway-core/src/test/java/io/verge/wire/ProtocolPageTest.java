package io.verge.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.model.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The protocol's page against the vectors and the code: its CDDL, its example, its limits. */
class ProtocolPageTest {
  private static final Path DOCS =
      Path.of(System.getProperty("verge.root", ".."), "gateway-core/docs");

  private String page = "";
  private Cddl cddl = new Cddl("nothing = uint");

  @BeforeEach
  void read() throws IOException {
    page = Files.readString(DOCS.resolve("uplink-protocol.md"));
    cddl = new Cddl(block("cddl"));
  }

  private String block(String language) {
    Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  private static List<JsonObject> lines(String name) throws IOException {
    List<JsonObject> lines = new ArrayList<>();
    for (String line : Files.readAllLines(DOCS.resolve("vectors").resolve(name))) {
      lines.add(JsonParser.parseString(line).getAsJsonObject());
    }
    return lines;
  }

  private static Object value(String hex) {
    return Cddl.value(WireVectorsTest.hex(hex));
  }

  @Test
  void everyVectorIsWhatTheCddlSays() throws IOException {
    Set<String> kinds = new HashSet<>();
    for (JsonObject line : lines("messages.jsonl")) {
      if (!line.has("refuse")) {
        String kind = line.get("kind").getAsString();
        kinds.add(kind);
        assertThat(cddl.matches(kind, value(line.get("message").getAsString())))
            .as(line.get("id").getAsString())
            .isTrue();
      }
    }
    assertThat(kinds)
        .containsExactlyInAnyOrder("ack", "acks", "hello", "catalog", "command", "state");
    for (JsonObject line : lines("uplink.jsonl")) {
      assertThat(cddl.matches("batch", value(line.get("batch").getAsString())))
          .as(line.get("id").getAsString())
          .isTrue();
      assertThat(cddl.matches("catalog", value(line.get("catalog").getAsString()))).isTrue();
    }
  }

  /** A rule that matches everything proves nothing: each place is made wrong in turn. */
  @Test
  void theCddlSaysNoToWhatIsNoBatch() throws IOException {
    for (JsonObject line : lines("uplink.jsonl")) {
      List<?> good = (List<?>) value(line.get("batch").getAsString());
      for (int place = 0; place < good.size(); place++) {
        List<Object> bad = new ArrayList<>(good);
        bad.set(place, "x");
        assertThat(cddl.matches("batch", bad)).as("item %d", place).isFalse();
        bad.remove(place);
        assertThat(cddl.matches("batch", bad)).as("without item %d", place).isFalse();
      }
    }
    assertThat(cddl.matches("acks", List.of(List.of(1L, 2L, 3L, 4L)))).as("lane 3").isFalse();
    assertThat(cddl.matches("command", Map.of("id", "1", "target", "a"))).as("no op").isFalse();
    assertThat(cddl.matches("command", Map.of("id", "", "target", "a", "op", "b"))).isFalse();
    assertThat(cddl.matches("command", Map.of("id", "1", "target", "a", "op", "b", "args", "none")))
        .isFalse();
  }

  @Test
  void theBatchReadByHandIsRead() {
    Matcher bytes = Pattern.compile("```\n([0-9a-f\n]+)```").matcher(page);
    assertThat(bytes.find()).isTrue();
    Batch batch =
        BatchCodec.decode(
                WireVectorsTest.hex(bytes.group(1).replace("\n", "")), VectorCatalog.CATALOG)
            .orThrow();
    assertThat(batch.samples().stream().map(Sample::values))
        .containsExactly(
            new long[] {605, 100, 123_456},
            new long[] {606, 100, 123_457},
            new long[] {598, 100, 99_000},
            new long[] {597, 100, 99_001});
  }

  @Test
  void theLimitsAreThoseOfTheCode() {
    assertThat(page)
        .contains(
            "1 MiB", "2^20", "±2^53", "16 KiB, 32 arguments, an id of 64 characters", "3 acks");
    assertThat(Message.BYTES_MAX).isEqualTo(1 << 20);
    assertThat(BatchCodec.READINGS_MAX).isEqualTo(1 << 20);
    assertThat(BatchCodec.VALUE_MAX).isEqualTo(1L << 53);
    assertThat(CommandCodec.BYTES_MAX).isEqualTo(16 * 1024);
    assertThat(CborReader.DEPTH_MAX).isEqualTo(16);
  }
}
