package io.verge.runtime;

import io.verge.command.CommandDesk;
import io.verge.driver.Order;
import io.verge.local.ConfigChange;
import io.verge.local.Packed;
import io.verge.local.Reply;
import io.verge.local.VersionView;
import io.verge.model.Command;
import io.verge.model.Outcome;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The orders that concern the gateway itself: {@code config-apply}, {@code config-confirm} and
 * {@code config-rollback}, from an uplink that the configuration allows them. All others go on.
 */
final class ConfigOrders implements CommandDesk.Targets {
  private static final String PREFIX = "config-";
  private static final String UPLINK = "uplink:";

  private final CommandDesk.Targets field;
  private final ConfigKeeper keeper;
  private final Set<String> allowed;

  /**
   * @param allowed names of the uplinks that may change the configuration.
   */
  ConfigOrders(CommandDesk.Targets field, ConfigKeeper keeper, Set<String> allowed) {
    this.field = field;
    this.keeper = keeper;
    this.allowed = allowed;
  }

  @Override
  public boolean own(Command command, Consumer<Outcome> done) {
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
  public @Nullable Outcome ownReadBack(Command command) {
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

  @Override
  public int device(String target) {
    return field.device(target);
  }

  @Override
  public boolean execute(
      int device, Order order, Supplier<@Nullable Outcome> refusal, Consumer<Outcome> done) {
    return field.execute(device, order, refusal, done);
  }

  @Override
  public boolean readBack(int device, Consumer<CommandDesk.Found> done) {
    return field.readBack(device, done);
  }

  @Override
  public Outcome settled(Command command, Outcome outcome) {
    return field.settled(command, outcome);
  }
}
