package io.verge.transport;

import java.util.List;

/**
 * A GPIO chip as a person chooses lines from it.
 *
 * @param name the place of its port: {@code gpiochip0}.
 * @param label of the hardware; may be empty.
 */
public record ChipView(String name, String label, List<LineView> lines) {
  /**
   * One line.
   *
   * @param line the number a device names it by.
   * @param name on the board, for example {@code GPIO17}; may be empty.
   * @param consumer who holds it; may be empty although somebody does.
   */
  public record LineView(int line, String name, boolean output, boolean used, String consumer) {}

  public ChipView {
    lines = List.copyOf(lines);
  }
}
