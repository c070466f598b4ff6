package io.verge.drivers.dali;

import io.verge.driver.BusException;
import io.verge.driver.Order;
import io.verge.drivers.wire.dali.Dali;
import io.verge.drivers.wire.dali.DaliCurve;
import io.verge.drivers.wire.dali.DaliGear;
import io.verge.drivers.wire.dali.DaliReply;
import io.verge.model.Outcome;
import java.util.List;
import java.util.Map;

/** The orders of a gear: each is sent, and what the gear then holds decides. */
final class DaliOrders {
  static final String SET_LEVEL = "set-level";
  static final List<String> OPERATIONS =
      List.of(
          SET_LEVEL,
          "off",
          "recall-max",
          "recall-min",
          "recall-last",
          "identify",
          "add-group",
          "remove-group");

  private static final int FADE_RUNNING = 0x10;
  private static final int LIMIT_ERROR = 0x08;

  private DaliOrders() {}

  static Outcome execute(DaliGear gear, Order order, DaliCurve curve) throws BusException {
    return switch (order.op()) {
      case SET_LEVEL -> setLevel(gear, order, curve);
      case "off" -> lit(gear, Dali.OFF, curve);
      case "recall-max" -> lit(gear, Dali.RECALL_MAX, curve);
      case "recall-min" -> lit(gear, Dali.RECALL_MIN, curve);
      case "recall-last" -> lit(gear, Dali.LAST_ACTIVE, curve);
      case "identify" -> sent(gear.command(Dali.IDENTIFY), Outcome.done(Map.of()));
      default -> group(gear, order);
    };
  }

  private static Outcome sent(DaliReply reply, Outcome done) {
    return reply.wasSent() ? done : failed(DaliDriver.why(reply));
  }

  private static Outcome failed(String why) {
    return Outcome.of(Outcome.State.FAILED, why);
  }

  private static Outcome setLevel(DaliGear gear, Order order, DaliCurve curve) throws BusException {
    if (!(order.args().get("level") instanceof Long level) || level < 0 || level > 100) {
      return Outcome.of(
          Outcome.State.REJECTED,
          "level " + order.args().get("level") + ", expected an integer 0..100");
    }
    int wanted = curve.level(level.intValue());
    DaliReply reply = gear.level(wanted);
    if (!reply.wasSent()) {
      return failed(DaliDriver.why(reply));
    }
    DaliReply status = gear.command(Dali.QUERY_STATUS);
    DaliReply held = gear.command(Dali.QUERY_LEVEL);
    if (!status.hasValue() || !held.hasValue()) {
      return failed(DaliDriver.why(held.hasValue() ? status : held) + " to read back");
    }
    if (held.value() == wanted) {
      return Outcome.done(Map.of("level", level, "arc", (long) wanted));
    }
    if ((status.value() & FADE_RUNNING) != 0) {
      return Outcome.done(Map.of("level", level, "arc", (long) wanted, "fading", true));
    }
    boolean limited = (status.value() & LIMIT_ERROR) != 0;
    return failed(
        "level "
            + level
            + " was sent, the gear "
            + (held.value() == Dali.MASK
                ? "does not know its level"
                : "holds " + curve.percent(held.value()) + (limited ? ", its limit" : "")));
  }

  private static Outcome lit(DaliGear gear, int opcode, DaliCurve curve) throws BusException {
    DaliReply reply = gear.command(opcode);
    if (!reply.wasSent()) {
      return failed(DaliDriver.why(reply));
    }
    DaliReply held = gear.command(Dali.QUERY_LEVEL);
    if (!held.hasValue() || held.value() == Dali.MASK) {
      return failed(
          (held.hasValue() ? "the gear does not know its level" : DaliDriver.why(held))
              + " to read back");
    }
    Map<String, Object> details =
        Map.of("level", (long) curve.percent(held.value()), "arc", (long) held.value());
    return opcode == Dali.OFF && held.value() != 0
        ? new Outcome(Outcome.State.FAILED, "the gear is still on", details)
        : Outcome.done(details);
  }

  private static Outcome group(DaliGear gear, Order order) throws BusException {
    if (!(order.args().get("group") instanceof Long group)
        || group < 0
        || group > Dali.GROUP_MOST) {
      return Outcome.of(
          Outcome.State.REJECTED,
          "group " + order.args().get("group") + ", expected an integer 0..15");
    }
    boolean adds = order.op().equals("add-group");
    int number = group.intValue();
    DaliReply reply = gear.command((adds ? Dali.ADD_TO_GROUP : Dali.REMOVE_FROM_GROUP) + number);
    if (!reply.wasSent()) {
      return failed(DaliDriver.why(reply));
    }
    DaliReply held = gear.command(number < 8 ? Dali.QUERY_GROUPS_LOW : Dali.QUERY_GROUPS_HIGH);
    if (!held.hasValue()) {
      return failed(DaliDriver.why(held) + " to read back");
    }
    boolean isIn = (held.value() >> number % 8 & 1) != 0;
    return isIn == adds
        ? Outcome.done(Map.of("group", group))
        : failed("the gear is " + (isIn ? "still" : "not") + " in group " + group);
  }
}
