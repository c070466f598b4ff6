package io.verge.uplink;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Command;
import io.verge.model.Device;
import io.verge.model.Event;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.thingsboard.ThingsBoard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A gateway device of ThingsBoard. A batch counts as sent when the platform's transport has taken
 * its last message (PUBACK); what its rule chains do with it, it does not say. Calls are commands:
 * the method is the operation, and the answer is its outcome.
 */
final class ThingsBoardDialect implements Dialect {
  private static final String CONNECT = "v1/gateway/connect";
  private static final String TELEMETRY = "v1/gateway/telemetry";
  private static final String RPC = "v1/gateway/rpc";
  private static final String OWN = "v1/devices/me/telemetry";
  private static final String PREFIX = "tb";
  private static final int WINDOW = 8;

  private final UplinkSettings settings;
  private final Site site;
  private final Predicate<String> assets;
  private final Set<String> connected = new HashSet<>();
  private String session = "";

  ThingsBoardDialect(UplinkSettings settings, Site site, Predicate<String> assets) {
    this.settings = settings;
    this.site = site;
    this.assets = assets;
  }

  @Override
  public BrokerLink.Login login(Stamp now) {
    // The platform counts calls from its own start on: a connection is part of a call's name.
    session = Long.toString(site.nextConnection(), Character.MAX_RADIX);
    return new BrokerLink.Login(
        "verge-" + settings.gateway() + "-" + settings.name(), null, null, null, List.of(RPC));
  }

  @Override
  public void connected(Mouth mouth, Stamp now) {
    List<Saying> sayings = new ArrayList<>();
    Catalog catalog = site.catalog();
    for (int d = 0; d < catalog.devices().size(); d++) {
      connect(sayings, catalog, d);
    }
    mouth.say(sayings);
    mouth.ready();
  }

  private void connect(List<Saying> sayings, Catalog catalog, int index) {
    Device device = catalog.devices().get(index);
    if (assets.test(device.id()) && connected.add(device.id())) {
      sayings.add(
          Saying.of(CONNECT, 1, ThingsBoard.connect(device.id(), catalog.typeOf(index).name())));
    }
  }

  @Override
  public List<Saying> render(Batch batch, Catalog catalog, Stamp now) {
    List<Saying> sayings = new ArrayList<>();
    for (Sample sample : batch.samples()) {
      connect(sayings, catalog, sample.device());
    }
    ThingsBoard.telemetry(batch, catalog, now)
        .forEach(message -> sayings.add(Saying.of(TELEMETRY, 1, message)));
    ThingsBoard.own(batch, now).forEach(message -> sayings.add(Saying.of(OWN, 1, message)));
    for (Event event : batch.events()) {
      Commands.Ended ended = Commands.ended(event, settings.name(), PREFIX);
      if (ended != null) {
        long call = Long.parseLong(ended.id().substring(ended.id().lastIndexOf('-') + 1));
        sayings.add(Saying.of(RPC, 1, ThingsBoard.answer(ended.target(), call, ended.told())));
      }
    }
    return sayings;
  }

  @Override
  public void heard(Mouth mouth, String topic, byte[] payload, Stamp now) {
    Decoded<ThingsBoard.Rpc> decoded = ThingsBoard.rpc(payload);
    if (decoded instanceof Decoded.Invalid<ThingsBoard.Rpc> invalid) {
      mouth.refused("ThingsBoard call: " + invalid.reason());
      return;
    }
    ThingsBoard.Rpc rpc = decoded.orThrow();
    Map<String, Object> args = assets.test(rpc.device()) ? args(rpc) : null;
    if (args == null || rpc.device().isEmpty() || rpc.method().isEmpty()) {
      mouth.refused(
          "ThingsBoard call "
              + rpc.id()
              + ": an asset it is not told of, or params that are no arguments");
      mouth.say(
          List.of(
              Saying.of(
                  RPC,
                  1,
                  ThingsBoard.answer(
                      rpc.device(),
                      rpc.id(),
                      Map.of(
                          "state",
                          "rejected",
                          "why",
                          "no such device, or params are no arguments")))));
      return;
    }
    mouth.command(
        new Command(
            PREFIX + "-" + session + "-" + rpc.id(), rpc.device(), rpc.method(), args, 0, 0, ""));
  }

  /** A single value is the argument that the method names: {@code set-level} of 30. */
  private static @org.jspecify.annotations.Nullable Map<String, Object> args(ThingsBoard.Rpc rpc) {
    if (rpc.params() == null) {
      return Map.of();
    }
    if (rpc.params() instanceof Map<?, ?> map) {
      return Commands.args(map);
    }
    return rpc.method().startsWith("set-")
        ? Commands.args(Map.of(rpc.method().substring("set-".length()), rpc.params()))
        : null;
  }

  @Override
  public int window() {
    return WINDOW;
  }
}
