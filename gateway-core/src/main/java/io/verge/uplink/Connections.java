package io.verge.uplink;

import io.verge.time.Stamper;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Makes the connection that an uplink's codec wants. */
final class Connections {
  private Connections() {}

  static UplinkTransport of(
      UplinkSettings settings,
      UplinkTransportProvider provider,
      byte[] lastWill,
      Site site,
      Stamper stamper) {
    Predicate<String> assets = assets(settings.foreign().assets());
    return switch (settings.codec()) {
      case VERGE -> provider.create(settings, lastWill);
      case SENML_JSON, SENML_CBOR ->
          new RenderedTransport(
              provider.create(settings, lastWill), Rendering.of(settings), assets, stamper);
      case SPARKPLUG_B ->
          dialect(settings, provider, new SparkplugDialect(settings, site, assets), stamper);
      case THINGSBOARD ->
          dialect(settings, provider, new ThingsBoardDialect(settings, site, assets), stamper);
      case ALIYUN ->
          dialect(settings, provider, new AliyunDialect(settings, site, assets), stamper);
    };
  }

  private static UplinkTransport dialect(
      UplinkSettings settings, UplinkTransportProvider provider, Dialect dialect, Stamper stamper) {
    return new DialectTransport(
        login -> provider.link(settings, login),
        dialect,
        assets(settings.foreign().assets()),
        stamper);
  }

  /** Patterns with {@code *} and {@code ?}; none: every asset. */
  static Predicate<String> assets(List<String> patterns) {
    if (patterns.isEmpty()) {
      return asset -> true;
    }
    List<Pattern> compiled =
        patterns.stream()
            .map(
                pattern ->
                    Pattern.compile(
                        Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q")))
            .toList();
    return asset -> compiled.stream().anyMatch(pattern -> pattern.matcher(asset).matches());
  }
}
