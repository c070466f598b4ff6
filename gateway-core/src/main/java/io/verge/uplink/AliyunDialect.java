package io.verge.uplink;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Command;
import io.verge.model.Device;
import io.verge.model.Event;
import io.verge.model.PointType;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.aliyun.LinkKit;
import io.verge.wire.aliyun.SignIn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A device of Alibaba Cloud IoT. A batch counts as delivered when the platform has answered each of
 * its posts with code 200. A post that it says it will never take is noted and left behind; one it
 * may take later is sent again. Service calls are commands, and their answer is the outcome.
 */
final class AliyunDialect implements Dialect {
  private static final String PREFIX = "al";
  private static final String REPLY = "_reply";
  private static final int WINDOW = 4;
  private static final long GOOD = 200;
  private static final long FAILED = 500;
  private static final long REJECTED = 460;
  private static final long TOO_MANY = 429;

  /** Ids are decimal and below 2^32; each connection has some of its own. */
  private static final long IDS_A_CONNECTION = 100_000;

  private static final long CONNECTIONS = 42_000;

  private final UplinkSettings settings;
  private final Site site;
  private final Predicate<String> assets;
  private final String base;
  private long connection;
  private long posted;

  AliyunDialect(UplinkSettings settings, Site site, Predicate<String> assets) {
    this.settings = settings;
    this.site = site;
    this.assets = assets;
    this.base =
        "/sys/" + settings.foreign().productKey() + "/" + settings.foreign().deviceName() + "/";
  }

  @Override
  public BrokerLink.Login login(Stamp now) throws IOException {
    checkNames();
    connection = site.nextConnection();
    Path secret = settings.passwordFile();
    if (secret == null) {
      throw new IOException("no password_file with the device secret");
    }
    SignIn signIn =
        SignIn.of(
            settings.foreign().productKey(),
            settings.foreign().deviceName(),
            Tls.secret(secret),
            "verge." + settings.gateway(),
            now.hasUtc() ? now.utcMs() : now.monoMs(),
            "mqtts".equals(settings.uri().getScheme()));
    return new BrokerLink.Login(
        signIn.client(),
        signIn.user(),
        signIn.password().getBytes(StandardCharsets.UTF_8),
        null,
        List.of(base + "thing/event/+/post" + REPLY, base + "thing/service/+"));
  }

  /** Two points with one name would become one property. */
  private void checkNames() throws IOException {
    Map<String, String> seen = new HashMap<>();
    Catalog catalog = site.catalog();
    for (int d = 0; d < catalog.devices().size(); d++) {
      Device device = catalog.devices().get(d);
      if (!assets.test(device.id())) {
        continue;
      }
      for (PointType point : catalog.typeOf(d).points()) {
        String name = device.id() + "/" + point.name();
        String other = seen.put(LinkKit.identifier(device.id(), point.name()), name);
        if (other != null) {
          throw new IOException(
              name + " and " + other + " would be one property; rename one of the assets");
        }
      }
    }
  }

  @Override
  public void connected(Mouth mouth, Stamp now) {
    mouth.ready();
  }

  @Override
  public List<Saying> render(Batch batch, Catalog catalog, Stamp now) {
    List<Saying> sayings = new ArrayList<>();
    for (LinkKit.Post post : LinkKit.posts(batch, catalog, now)) {
      String id = nextId();
      sayings.add(new Saying(base + post.path(), 1, () -> LinkKit.encode(post, id), id));
    }
    for (Event event : batch.events()) {
      Commands.Ended ended = Commands.ended(event, settings.name(), PREFIX);
      if (ended != null) {
        sayings.add(
            answer(
                ended.op().replace('-', '_'),
                ended.id().substring(ended.id().indexOf('-', PREFIX.length() + 1) + 1),
                ended.done() ? GOOD : FAILED,
                ended.told()));
      }
    }
    return sayings;
  }

  private String nextId() {
    return Long.toString(
        connection % CONNECTIONS * IDS_A_CONNECTION + posted++ % IDS_A_CONNECTION + 1);
  }

  private Saying answer(String service, String id, long code, Map<String, Object> data) {
    return Saying.of(base + "thing/service/" + service + REPLY, 1, LinkKit.answer(id, code, data));
  }

  @Override
  public void heard(Mouth mouth, String topic, byte[] payload, Stamp now) {
    String services = base + "thing/service/";
    if (!topic.startsWith(services)) {
      replied(mouth, payload);
    } else if (!topic.endsWith(REPLY)) {
      called(mouth, topic.substring(services.length()), payload);
    }
  }

  private static void replied(Mouth mouth, byte[] payload) {
    Decoded<LinkKit.Reply> decoded = LinkKit.reply(payload);
    if (decoded instanceof Decoded.Invalid<LinkKit.Reply> invalid) {
      mouth.refused("post_reply: " + invalid.reason());
      return;
    }
    LinkKit.Reply reply = decoded.orThrow();
    boolean again = reply.code() == TOO_MANY || reply.code() >= FAILED && reply.code() < 600;
    mouth.replied(
        reply.id(),
        reply.code() == GOOD
            ? null
            : "post " + reply.id() + " answered " + reply.code() + " " + reply.message(),
        again);
  }

  private void called(Mouth mouth, String service, byte[] payload) {
    Decoded<LinkKit.Call> decoded = LinkKit.call(payload);
    if (decoded instanceof Decoded.Invalid<LinkKit.Call> invalid) {
      mouth.refused("service call: " + invalid.reason());
      return;
    }
    LinkKit.Call call = decoded.orThrow();
    Map<String, @Nullable Object> params = new HashMap<>(call.params());
    Object target = params.remove("target");
    Map<String, Object> args = Commands.args(params);
    if (!(target instanceof String asset)
        || asset.isEmpty()
        || asset.length() > Command.ID_MAX
        || !assets.test(asset)
        || args == null
        || !service.matches("[a-z0-9_]{1,40}")) {
      mouth.refused("service call " + call.id() + " without a target, or with other params");
      mouth.say(
          List.of(
              answer(
                  service,
                  call.id(),
                  REJECTED,
                  Map.of(
                      "state", "rejected", "why", "no target, or params that are no arguments"))));
      return;
    }
    mouth.command(
        new Command(
            PREFIX + "-" + connection + "-" + call.id(),
            asset,
            service.replace('_', '-'),
            args,
            0,
            0,
            ""));
  }

  @Override
  public int window() {
    return WINDOW;
  }
}
