package io.verge.simulator.device;

/** A lamp controller; its registers are those of hardware-notes/lamp-controller.md. */
public final class LampController implements ModbusWire.Slave {
  private static final int POINTS = 7;
  private static final int BLOCK = 9;

  /** What the lamp does. */
  public interface Lamp {
    int level();

    void command(int level);

    double volts();

    double watts();

    double kilowattHours();

    long hours();

    int faults();
  }

  private final Lamp lamp;

  public LampController(Lamp lamp) {
    this.lamp = lamp;
  }

  @Override
  public int input(int register) {
    long energy = Math.round(lamp.kilowattHours() * 100);
    return switch (register) {
      case 0 -> (int) Math.round(lamp.volts() * 10);
      case 1 -> (int) Math.round(lamp.watts() / Math.max(1, lamp.volts()) / 0.95 * 1000);
      case 2 -> (int) Math.round(lamp.watts() * 10);
      case 3 -> lamp.level();
      case 4 -> lamp.faults();
      case 5 -> (int) (energy >> 16) & 0xFFFF;
      case 6 -> (int) energy & 0xFFFF;
      case 7 -> (int) (lamp.hours() >> 16) & 0xFFFF;
      case 8 -> (int) lamp.hours() & 0xFFFF;
      default -> -1;
    };
  }

  @Override
  public int holding(int register) {
    return register == 0 ? lamp.level() : -1;
  }

  @Override
  public boolean write(int register, int value) {
    if (register != 0 || value > 100) {
      return false;
    }
    lamp.command(value);
    return true;
  }

  @Override
  public int readings(int first, int count) {
    return first == 0 && count == BLOCK ? POINTS : READINGS_NONE;
  }
}
