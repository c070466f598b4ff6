package io.verge.config;

import io.verge.uplink.UplinkSettings.Codec;
import io.verge.uplink.UplinkSettings.Foreign;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what an uplink says of its codec. */
final class CodecReader {
  private static final String PATTERN = "[a-z0-9*?._-]{1,40}";

  /** One level of a topic. */
  private static final String LEVEL = "[^+#/\\x00-\\x1F]{1,64}";

  private static final String CLOUD_NAME = "[A-Za-z0-9_@.:-]{1,32}";

  /** Keys that only some codecs have. */
  private static final Map<String, Codec> OWN =
      Map.of(
          "group", Codec.SPARKPLUG_B,
          "node", Codec.SPARKPLUG_B,
          "primary_host", Codec.SPARKPLUG_B,
          "product_key", Codec.ALIYUN,
          "device_name", Codec.ALIYUN);

  private static final Set<Codec> WITH_TOPIC =
      Set.of(Codec.VERGE, Codec.SENML_JSON, Codec.SENML_CBOR);

  private CodecReader() {}

  static Foreign read(TomlSettings table, Codec codec, String gateway) {
    OWN.forEach(
        (key, of) -> {
          if (table.has(key) && codec != of) {
            table.reject(key, "with codec " + codec.word(), "it belongs to codec " + of.word());
          }
        });
    if (table.has("topic") && !WITH_TOPIC.contains(codec)) {
      table.reject("topic", "with codec " + codec.word(), "this codec has topics of its own");
    }
    boolean sparkplug = codec == Codec.SPARKPLUG_B;
    boolean aliyun = codec == Codec.ALIYUN;
    if (aliyun && !table.has("password_file")) {
      table.reject("password_file", "is missing", "the file with the device secret");
    }
    return new Foreign(
        assets(table, codec),
        sparkplug ? level(table, "group", "verge", LEVEL) : "",
        sparkplug ? level(table, "node", gateway, LEVEL) : "",
        sparkplug && table.has("primary_host") ? level(table, "primary_host", "", LEVEL) : "",
        aliyun ? level(table, "product_key", null, CLOUD_NAME) : "",
        aliyun ? level(table, "device_name", null, CLOUD_NAME) : "");
  }

  /** Numbers of protocol v1 count every asset: what is left out would be missing there. */
  private static List<String> assets(TomlSettings table, Codec codec) {
    if (!table.has("assets")) {
      return List.of();
    }
    List<String> assets =
        table.texts("assets", "names of assets, * stands for any characters", List.of());
    for (String asset : assets) {
      if (!asset.matches(PATTERN)) {
        table.reject("assets", "found \"" + asset + "\" in it", "for example \"lamp-*\"");
      }
    }
    if (codec == Codec.VERGE) {
      table.reject(
          "assets", "with codec verge", "protocol v1 tells of all assets, since it counts them");
    }
    return assets;
  }

  private static String level(
      TomlSettings table,
      String key,
      @org.jspecify.annotations.Nullable String fallback,
      String form) {
    String text = table.text(key, fallback);
    if (table.has(key) && !text.matches(form)) {
      table.reject(key, "found \"" + text + "\"", "expected a name without + # and /");
    }
    return text;
  }
}
