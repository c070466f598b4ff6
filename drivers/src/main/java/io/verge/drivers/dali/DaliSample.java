package io.verge.drivers.dali;

import io.verge.driver.Readout;
import io.verge.drivers.wire.dali.DaliGear;
import io.verge.drivers.wire.dali.DaliMemory;
import io.verge.drivers.wire.dali.DaliMemory.Cell;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/** What one poll of one gear has given so far. */
final class DaliSample {
  private final List<Cell> cells;
  private final List<PointType> points;
  private final long[] values;
  private final byte[] qualities;
  private final StringJoiner why = new StringJoiner("; ");

  DaliSample(List<Cell> cells, List<PointType> points) {
    this.cells = cells;
    this.points = points;
    this.values = new long[points.size()];
    this.qualities = new byte[points.size()];
    Arrays.fill(values, Sample.NONE);
  }

  void status(int status) {
    values[DaliPoints.STATUS] = status;
    values[DaliPoints.LAMP_FAILURE] = status >> 1 & 1;
    values[DaliPoints.GEAR_FAILURE] = status & 1;
  }

  void level(int level, int percent) {
    values[DaliPoints.LEVEL] = percent;
    values[DaliPoints.ARC] = level;
  }

  /** Points {@code from} to before {@code to} have no value. */
  void without(int from, int to, Quality quality, String reason) {
    Arrays.fill(qualities, from, to, (byte) quality.code());
    why.add(reason);
  }

  void withoutBank(int bank, Quality quality, String reason) {
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i).bank() == bank) {
        qualities[DaliPoints.BASIC + i] = (byte) quality.code();
      }
    }
    why.add(reason);
  }

  /** MASK is no fault: this gear does not have the value. */
  void bank(int bank, int[] bytes) {
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      if (cell.bank() != bank || !isWhole(cell, bytes)) {
        continue;
      }
      byte[] raw = new byte[cell.length()];
      for (int b = 0; b < raw.length; b++) {
        raw[b] = (byte) bytes[cell.offset() + b];
      }
      DaliMemory.Value value = DaliMemory.value(raw, cell.form(), cell.exponent());
      int point = DaliPoints.BASIC + i;
      BigDecimal number = value.number();
      if (number != null) {
        values[point] = scaled(number, points.get(point).decimals());
      }
      if (value.state() == DaliMemory.State.TMASK || value.state() == DaliMemory.State.INVALID) {
        qualities[point] = (byte) Quality.SUSPECT.code();
        why.add(
            cell.name()
                + (value.state() == DaliMemory.State.TMASK
                    ? " is not there for now"
                    : " is written in no valid form"));
      }
    }
  }

  private static boolean isWhole(Cell cell, int[] bytes) {
    for (int at = cell.offset(); at <= cell.last(); at++) {
      if (at >= bytes.length || bytes[at] == DaliGear.ABSENT) {
        return false;
      }
    }
    return true;
  }

  /** 2^48 times 10^6 is above what a reading holds: then it is none. */
  private static long scaled(BigDecimal number, int decimals) {
    BigDecimal whole = number.scaleByPowerOfTen(decimals).setScale(0, RoundingMode.HALF_UP);
    return whole.precision() > 18 ? Sample.NONE : whole.longValueExact();
  }

  Readout readout() {
    for (byte quality : qualities) {
      if (quality != 0) {
        return new Readout(Quality.SUSPECT, values, qualities, why.toString(), null);
      }
    }
    return Readout.good(values);
  }
}
