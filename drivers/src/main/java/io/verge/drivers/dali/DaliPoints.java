package io.verge.drivers.dali;

import io.verge.drivers.wire.dali.DaliMemory.Cell;
import io.verge.drivers.wire.dali.DaliMemory.Form;
import io.verge.model.PointKind;
import io.verge.model.PointType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The points of a gear: what every gear answers, then the values of its memory banks. */
final class DaliPoints {
  static final int LEVEL = 0;
  static final int ARC = 1;
  static final int STATUS = 2;
  static final int LAMP_FAILURE = 3;
  static final int GEAR_FAILURE = 4;
  static final int BASIC = 5;

  private static final Set<String> COUNTERS =
      Set.of(
          "energy",
          "apparent-energy",
          "load-energy",
          "operating-time",
          "starts",
          "lamp-starts",
          "lamp-time");

  private DaliPoints() {}

  static List<PointType> of(List<Cell> cells) {
    List<PointType> points = new ArrayList<>();
    points.add(PointType.gauge("level", "%", 0));
    points.add(
        new PointType(
            "arc", "", 0, PointKind.GAUGE, "DALI level 0..254; 0 is off, no value: MASK"));
    points.add(
        new PointType(
            "status",
            "",
            0,
            PointKind.STATE,
            "bits: 0 gear failure, 1 lamp failure, 2 lamp on, 3 limit error, 4 fade running,"
                + " 5 reset state, 6 no short address, 7 power cycle seen"));
    points.add(PointType.state("lamp-failure"));
    points.add(PointType.state("gear-failure"));
    cells.forEach(cell -> points.add(point(cell)));
    return List.copyOf(points);
  }

  private static PointType point(Cell cell) {
    PointKind kind =
        cell.form() == Form.FLAG
            ? PointKind.STATE
            : COUNTERS.contains(cell.name()) ? PointKind.COUNTER : PointKind.GAUGE;
    int decimals = cell.form() == Form.SCALED ? 1 : Math.max(0, -cell.exponent());
    return new PointType(cell.name(), cell.unit(), decimals, kind, "");
  }
}
