package io.verge.simulator.street;

import io.verge.simulator.device.Plug;
import java.util.List;

/** What a person can do in the street, a line each; one thread. */
public final class StreetHand {
  /** The lines it understands. */
  public static final String HELP =
      "unplug BUS | plug BUS | break LAMP | mend LAMP | empty BIN | mount BIN MM_HIGHER";

  private static final int HIGHER_MOST = 2000;

  private final Street street;

  public StreetHand(Street street) {
    this.street = street;
  }

  /** Does it, and says what was done, or what was not understood. */
  public String take(String line) {
    List<String> words = List.of(line.strip().split("\\s+"));
    if (words.size() < 2) {
      return "expected: " + HELP;
    }
    return switch (words.get(0)) {
      case "unplug", "plug" -> plug(words.get(1), words.get(0).equals("plug"));
      case "break", "mend" -> lamp(words.get(1), words.get(0).equals("break"));
      case "mount" -> mount(words.get(1), words.size() < 3 ? "" : words.get(2));
      case "empty" -> empty(words.get(1));
      default -> "expected: " + HELP;
    };
  }

  private String plug(String bus, boolean in) {
    Plug plug = street.plug(bus);
    if (plug == null) {
      return "no bus is called " + bus;
    }
    if (in) {
      plug.push();
    } else {
      plug.pull();
    }
    return bus + (in ? " is plugged in" : " is unplugged");
  }

  private String lamp(String name, boolean breaks) {
    SimulatedLamp lamp = street.lamp(name);
    if (lamp == null) {
      return "no lamp is called " + name;
    }
    lamp.setBroken(breaks);
    return name + (breaks ? " is broken" : " is mended");
  }

  private String mount(String name, String mm) {
    SimulatedBin bin = street.container(name);
    if (bin == null) {
      return "no container is called " + name;
    }
    if (!mm.matches("[0-9]{1,4}") || Integer.parseInt(mm) > HIGHER_MOST) {
      return "'" + mm + "' is not 0 to " + HIGHER_MOST + " mm";
    }
    bin.mount(Integer.parseInt(mm));
    return plug(name, true) + ", " + mm + " mm higher";
  }

  private String empty(String name) {
    SimulatedBin bin = street.container(name);
    if (bin == null) {
      return "no container is called " + name;
    }
    bin.empty();
    return name + " is empty";
  }
}
