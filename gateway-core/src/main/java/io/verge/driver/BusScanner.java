package io.verge.driver;

import java.util.List;
import java.util.Map;

/** Finds the devices of one family on a bus whose devices nobody knows. */
public interface BusScanner {
  /**
   * One device found.
   *
   * @param place where it answers: {@code address 7}.
   * @param identification what it says of itself, in order of printing.
   * @param values what it reads now, as text: {@code volume 269 m3}.
   * @param settings the keys of its {@code [[bus.device]]} table, as TOML lines.
   */
  record FoundDevice(
      String place, Map<String, String> identification, List<String> values, String settings) {
    public FoundDevice {
      values = List.copyOf(values);
    }
  }

  /** Who hears of it, and may end it. Called on the bus thread. */
  interface Report {
    /** False: end at once. */
    boolean goesOn();

    /** Where the search is: {@code address 17}. */
    void at(String where);

    void found(FoundDevice device);

    /** What could not be told apart or read, for the technician. */
    void note(String text);
  }

  /** The word of the option: {@code modbus} for {@code --modbus}. */
  String protocol();

  /** Speeds and formats to try, the usual one first: {@code baud=2400&format=8E1}. */
  List<String> formats();

  /** How long a device may take to begin its answer. */
  int timeoutMs();

  /** Whether it only listens: such scanners can be tried one after another on one port. */
  default boolean listens() {
    return false;
  }

  /**
   * Searches once, at the speed the bus is open with. Only reads.
   *
   * @throws BusException if the port is gone.
   */
  void scan(BusSession bus, Report report) throws BusException;
}
