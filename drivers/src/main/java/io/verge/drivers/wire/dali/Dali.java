package io.verge.drivers.wire.dali;

/** Forward frames of 16 bit, as numbers. Static functions. */
public final class Dali {
  public static final int SHORT_MOST = 63;
  public static final int GROUP_MOST = 15;

  /** A level that is none: the gear starts up, or its lamp fails. */
  public static final int MASK = 255;

  public static final int LEVEL_MOST = 254;

  public static final int OFF = 0x00;
  public static final int RECALL_MAX = 0x05;
  public static final int RECALL_MIN = 0x06;
  public static final int LAST_ACTIVE = 0x0A;
  public static final int SCENE = 0x10;
  public static final int IDENTIFY = 0x25;
  public static final int ADD_TO_GROUP = 0x60;
  public static final int REMOVE_FROM_GROUP = 0x70;
  public static final int ENABLE_WRITE_MEMORY = 0x81;
  public static final int QUERY_STATUS = 0x90;
  public static final int QUERY_VERSION = 0x97;
  public static final int QUERY_DTR0 = 0x98;
  public static final int QUERY_DEVICE_TYPE = 0x99;
  public static final int QUERY_LEVEL = 0xA0;
  public static final int QUERY_GROUPS_LOW = 0xC0;
  public static final int QUERY_GROUPS_HIGH = 0xC1;
  public static final int READ_MEMORY = 0xC5;

  /** Of device type 6 (LED modules): answers 0 for the logarithmic curve, 1 for the linear one. */
  public static final int QUERY_CURVE = 0xEE;

  public static final int LED = 6;

  /** Special commands: the address byte; the other byte is their value. */
  public static final int DTR0 = 0xA3;

  public static final int DTR1 = 0xC3;
  public static final int ENABLE_TYPE = 0xC1;
  public static final int WRITE_MEMORY_SILENTLY = 0xC9;

  private static final int CONFIGURATION_FIRST = 0x20;
  private static final int CONFIGURATION_LAST = 0x81;
  private static final int QUERY_FIRST = 0x90;
  private static final int QUERY_LAST = 0xC5;
  private static final int EXTENDED = 0xE0;

  private Dali() {}

  /** Level 0..254 for a short address. */
  public static int level(int address, int level) {
    return address << 9 | level;
  }

  /** A command or query for a short address. */
  public static int command(int address, int opcode) {
    return address << 9 | 0x100 | opcode;
  }

  public static int special(int first, int value) {
    return first << 8 | value;
  }

  /** Whether a frame must be sent twice within 100 ms to be obeyed. */
  public static boolean isTwice(int frame) {
    int opcode = frame & 0xFF;
    if (isSpecial(frame)) {
      return frame >> 8 == 0xA5 || frame >> 8 == 0xA7;
    }
    return isCommand(frame)
        && (opcode >= CONFIGURATION_FIRST && opcode <= CONFIGURATION_LAST
            || opcode >= EXTENDED && opcode < QUERY_CURVE - 1);
  }

  /** Whether the gear answers it. */
  public static boolean isQuery(int frame) {
    int opcode = frame & 0xFF;
    if (isSpecial(frame)) {
      int first = frame >> 8;
      return first == 0xA9 || first == 0xB9 || first == 0xBB || first == 0xC7;
    }
    return isCommand(frame)
        && (opcode >= QUERY_FIRST && opcode <= QUERY_LAST || opcode >= QUERY_CURVE - 1);
  }

  /** Address bytes 101xxxx1 and 110xxxx1. */
  static boolean isSpecial(int frame) {
    int first = frame >> 8;
    return (first & 1) != 0 && first >= 0xA1 && first <= 0xDF;
  }

  private static boolean isCommand(int frame) {
    return (frame & 0x100) != 0;
  }
}
