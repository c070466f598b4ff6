package io.verge.driver;

import java.util.Map;

/**
 * What a command asks of one device: absolute settings only.
 *
 * @param op {@code set-level} (arg {@code level}: Long, 0..100 percent), {@code calibrate}, {@code
 *     set-total}, …
 * @param args values are String, Long, Boolean.
 */
public record Order(String op, Map<String, Object> args) {
  public Order {
    args = Map.copyOf(args);
  }
}
