package io.verge.uplink;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.json.JsonText;
import io.verge.wire.sparkplug.EdgeNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An edge node of Sparkplug B 3.0: its will is the NDEATH, births come once the primary host is
 * online, then data at QoS 0. A batch counts as sent when the broker has handled a request that
 * followed it; that a host stored it, Sparkplug has no words for.
 */
final class SparkplugDialect implements Dialect {
  private static final int WINDOW = 32;
  private static final int BD_SEQ_MOD = 256;

  /** Births a host may ask for at once; one more each minute. A birth is some 20 KB. */
  private static final int REBIRTHS_MAX = 4;

  private static final long REBIRTH_MS = 60_000;

  private final UplinkSettings settings;
  private final Site site;
  private final Predicate<String> assets;
  private final String host;
  private EdgeNode node;
  private boolean begun;
  private long stateMs;
  private int rebirths;
  private long rebirthsMs;

  SparkplugDialect(UplinkSettings settings, Site site, Predicate<String> assets) {
    this.settings = settings;
    this.site = site;
    this.assets = assets;
    this.host = settings.foreign().host();
    this.node = node(0);
  }

  private EdgeNode node(long bdSeq) {
    return new EdgeNode(settings.foreign().group(), settings.foreign().node(), bdSeq);
  }

  @Override
  public BrokerLink.Login login(Stamp now) {
    node = node(site.nextConnection() % BD_SEQ_MOD);
    List<String> topics = new ArrayList<>();
    topics.add(node.topic("NCMD"));
    topics.add(node.topic("DCMD") + "/+");
    if (!host.isEmpty()) {
      topics.add(state());
    }
    return new BrokerLink.Login(
        "verge-" + settings.gateway() + "-" + settings.name(),
        null,
        null,
        new BrokerLink.Will(node.topic("NDEATH"), node.death(Math.max(0, now.utcMs()))),
        topics);
  }

  private String state() {
    return EdgeNode.NAMESPACE + "/STATE/" + host;
  }

  @Override
  public void connected(Mouth mouth, Stamp now) {
    if (host.isEmpty()) {
      begin(mouth, now);
    } else {
      mouth.waiting("primary host '" + host + "' is not online");
    }
  }

  private void begin(Mouth mouth, Stamp now) {
    if (!now.hasUtc()) {
      mouth.end("the clock is not trusted yet, and Sparkplug knows UTC only");
      return;
    }
    begun = true;
    births(mouth, now);
    mouth.ready();
  }

  private void births(Mouth mouth, Stamp now) {
    mouth.say(sayings(node.births(site.catalog(), site::last, assets, now)));
  }

  private List<Saying> sayings(List<EdgeNode.Message> messages) {
    EdgeNode ours = node;
    return messages.stream()
        .map(message -> new Saying(message.topic(), 0, () -> ours.numbered(message), ""))
        .toList();
  }

  @Override
  public void heard(Mouth mouth, String topic, byte[] payload, Stamp now) {
    if (!host.isEmpty() && topic.equals(state())) {
      state(mouth, payload, now);
      return;
    }
    Decoded<EdgeNode.Wanted> decoded = node.wanted(topic, payload);
    if (decoded instanceof Decoded.Invalid<EdgeNode.Wanted> invalid) {
      mouth.refused("Sparkplug command: " + invalid.reason());
      return;
    }
    EdgeNode.Wanted wanted = decoded.orThrow();
    for (int i = 0; i < wanted.writes().size(); i++) {
      EdgeNode.Write write = wanted.writes().get(i);
      mouth.command(
          Commands.set(
              Commands.id("sp", topic, payload, wanted.timeMs() > 0 ? null : now, i),
              write.device(),
              write.point(),
              write.value(),
              wanted.timeMs()));
    }
    if (wanted.rebirth() && begun && now.hasUtc() && mayBeBornAgain(now)) {
      births(mouth, now);
    }
  }

  private boolean mayBeBornAgain(Stamp now) {
    long more = (now.monoMs() - rebirthsMs) / REBIRTH_MS;
    if (more > 0) {
      rebirths = (int) Math.max(0, rebirths - more);
      rebirthsMs = now.monoMs();
    }
    if (rebirths >= REBIRTHS_MAX) {
      return false;
    }
    rebirths++;
    return true;
  }

  /** The host's own word; one older than the last is none. */
  private void state(Mouth mouth, byte[] payload, Stamp now) {
    Decoded<Map<String, @Nullable Object>> read = JsonText.read(payload);
    if (read instanceof Decoded.Invalid<Map<String, @Nullable Object>> invalid) {
      mouth.refused("STATE of the primary host: " + invalid.reason());
      return;
    }
    if (!(read.orThrow().get("online") instanceof Boolean online)
        || !(read.orThrow().get("timestamp") instanceof Long timestamp)) {
      mouth.refused("STATE of the primary host without online and timestamp");
      return;
    }
    if (timestamp < stateMs) {
      return;
    }
    stateMs = timestamp;
    if (online && !begun) {
      begin(mouth, now);
    } else if (!online && begun) {
      goodbye(mouth, now);
      mouth.end("primary host '" + host + "' went offline");
    }
  }

  @Override
  public List<Saying> render(Batch batch, Catalog catalog, Stamp now) {
    return sayings(node.data(batch, catalog, now));
  }

  @Override
  public void goodbye(Mouth mouth, Stamp now) {
    mouth.say(List.of(Saying.of(node.topic("NDEATH"), 0, node.death(Math.max(0, now.utcMs())))));
  }

  @Override
  public int window() {
    return WINDOW;
  }

  @Override
  public boolean needsBarrier() {
    return true;
  }
}
