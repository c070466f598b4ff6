package io.verge.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The AsyncAPI document beside the protocol's page: whole in itself, and saying what the page says.
 */
class AsyncApiTest {
  private static final Path DOCS =
      Path.of(System.getProperty("verge.root", ".."), "gateway-core/docs");

  private Map<String, Object> document = Map.of();
  private String page = "";

  @BeforeEach
  void read() throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    document =
        map(
            new Yaml(new SafeConstructor(options))
                .load(Files.readString(DOCS.resolve("asyncapi.yaml"))));
    page = Files.readString(DOCS.resolve("uplink-protocol.md"));
  }

  @SuppressWarnings("unchecked") // every key of the document is text
  private static Map<String, Object> map(@Nullable Object value) {
    assertThat(value).isInstanceOf(Map.class);
    return (Map<String, Object>) java.util.Objects.requireNonNull(value);
  }

  private Map<String, Object> at(String pointer) {
    Map<String, Object> here = document;
    for (String step : pointer.split("/")) {
      assertThat(here).as(pointer).containsKey(step);
      here = map(here.get(step));
    }
    return here;
  }

  private static List<String> references(@Nullable Object value) {
    List<String> found = new ArrayList<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, item) -> {
            if (key.equals("$ref")) {
              found.add(String.valueOf(item));
            } else {
              found.addAll(references(item));
            }
          });
    } else if (value instanceof List<?> list) {
      list.forEach(item -> found.addAll(references(item)));
    }
    return found;
  }

  @Test
  void isVersion3AndEveryReferenceLeadsSomewhere() {
    assertThat(document)
        .containsEntry("asyncapi", "3.0.0")
        .containsKeys("info", "defaultContentType");
    assertThat(at("info")).containsKeys("title", "version");
    List<String> references = references(document);
    assertThat(references).hasSizeGreaterThan(30);
    for (String reference : references) {
      assertThat(reference).startsWith("#/");
      assertThat(at(reference.substring(2))).isNotEmpty();
    }
  }

  @Test
  void channelsAndTheirQualityAreThePages() {
    Map<String, Object> channels = at("channels");
    assertThat(new TreeSet<>(channels.keySet()))
        .containsExactly("ack", "batch", "catalog", "command", "hello", "state");
    for (String name : channels.keySet()) {
      Map<String, Object> channel = at("channels/" + name);
      assertThat(channel).containsEntry("address", "verge/v1/{gateway}/" + name);
      assertThat(map(channel.get("parameters"))).containsOnlyKeys("gateway");
    }
    at("operations")
        .forEach(
            (name, operation) -> {
              String channel =
                  references(map(operation).get("channel"))
                      .get(0)
                      .substring("#/channels/".length());
              Map<String, Object> mqtt = at("operations/" + name + "/bindings/mqtt");
              assertThat(page)
                  .containsPattern(
                      "\\| `"
                          + channel
                          + "` \\| "
                          + ("send".equals(map(operation).get("action")) ? "back end" : "gateway")
                          + "[^|]*\\| "
                          + mqtt.get("qos")
                          + " \\| "
                          + (Boolean.TRUE.equals(mqtt.get("retain")) ? "yes" : "(no|must not be)"));
              for (String message : references(map(operation).get("messages"))) {
                assertThat(message).startsWith("#/channels/" + channel + "/messages/");
              }
            });
  }

  @Test
  void arraysAreAsLongAsInTheCddl() {
    assertThat(at("components/schemas/batch"))
        .containsEntry("minItems", 12)
        .containsEntry("maxItems", 12);
    assertThat(at("components/schemas/hello"))
        .containsEntry("minItems", 7)
        .containsEntry("maxItems", 7);
    assertThat(at("components/schemas/ack"))
        .containsEntry("minItems", 4)
        .containsEntry("maxItems", 6);
    for (String schema : List.of("batch", "hello", "ack")) {
      Object items = at("components/schemas/" + schema).get("items");
      assertThat((List<?>) items)
          .hasSize(
              ((Number)
                      java.util.Objects.requireNonNull(
                          at("components/schemas/" + schema).get("maxItems")))
                  .intValue());
    }
  }
}
