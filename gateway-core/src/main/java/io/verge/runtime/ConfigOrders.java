package io.verge.runtime;

import io.verge.command.CommandDesk;
import io.verge.local.ConfigChange;
import io.verge.local.Packed;
import io.verge.local.Reply;
import io.verge.local.VersionView;
import io.verge.model.Command;
import io.verge.model.Outcome;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The orders that concern the gateway itself: {@code config-apply}, {@code config-confirm} and
 * {@code config-rollback}, from an uplink that the configuration allows them.
 */
final class ConfigOrders implements CommandDesk.Own {
  private static final String PREFIX = "config-";
  private static final String UPLINK = "uplink:";

  private final ConfigKeeper keeper;
  private final Set<String> allowed;

  /**
   * @param allowed names of the uplinks that may change the configuration.
   */
  ConfigOrders(ConfigKeeper keeper, Set<String> allowed) {
    this.keeper = keeper;
    this.allowed = allowed;
  }

  @Override
  public boolean execute(Command command, Consumer<Outcome> done) {
    if (!command.op().startsWith(PREFIX)) {
      return false;
    }
    String origin = command.origin();
    if (!origin.startsWith(UPLINK) || !allowed.contains(origin.substring(UPLINK.length()))) {
      done.accept(
          rejected(origin + " may not change the configuration: [[uplink]] configure = true"));
      return true;
    }
    try {
      keeper.ask(change(command), reply -> done.accept(outcome(reply)));
    } catch (IllegalArgumentException e) {
      done.accept(rejected(String.valueOf(e.getMessage())));
    }
    return true;
  }

  @Override
  public @Nullable Outcome readBack(Command command) {
    return command.op().startsWith(PREFIX) ? keeper.readBack(command.id()) : null;
  }

  private static ConfigChange change(Command command) {
    String op = command.op().substring(PREFIX.length());
    if (!Set.of("apply", "confirm", "rollback").contains(op)) {
      throw new IllegalArgumentException("the gateway knows no " + command.op());
    }
    Map<String, Object> args = command.args();
    return new ConfigChange(
        op,
        command.origin(),
        command.id(),
        op.equals("apply") ? toml(args) : "",
        number(args, "version", 0, Integer.MAX_VALUE, 0),
        number(args, "if_version", 0, Integer.MAX_VALUE, 0),
        1000
            * number(
                args,
                "within",
                1,
                ConfigChange.WITHIN_MAX_MS / 1000,
                ConfigChange.WITHIN_MS / 1000),
        args.get("by_hand") instanceof Boolean byHand && byHand);
  }

  private static String toml(Map<String, Object> args) {
    if (args.get("toml") instanceof String toml) {
      return toml;
    }
    if (args.get("toml_zlib") instanceof String packed) {
      return Packed.unpack(packed);
    }
    throw new IllegalArgumentException("toml, or toml_zlib in Base64, is missing");
  }

  private static long number(
      Map<String, Object> args, String name, long least, long most, long absent) {
    Object given = args.get(name);
    if (given == null) {
      return absent;
    }
    if (given instanceof Long number && number >= least && number <= most) {
      return number;
    }
    throw new IllegalArgumentException(name + " " + given + ", expected " + least + ".." + most);
  }

  /** What a reply is in the words of a command. */
  static Outcome outcome(Reply reply) {
    if (reply instanceof Reply.Refused refused) {
      return rejected(refused.message());
    }
    if (reply instanceof Reply.Done done && done.view() instanceof VersionView view) {
      return Outcome.done(Map.of("version", view.number(), "state", view.state()));
    }
    throw new AssertionError(reply);
  }

  private static Outcome rejected(String why) {
    return Outcome.of(Outcome.State.REJECTED, why);
  }
}
