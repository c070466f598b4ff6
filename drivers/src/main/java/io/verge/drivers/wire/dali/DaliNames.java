package io.verge.drivers.wire.dali;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Names of what forward frames mean. Source: IEC 62386-102 by way of python-dali. */
public final class DaliNames {
  private static final List<String> STATUS =
      List.of(
          "gear failure",
          "lamp failure",
          "lamp on",
          "limit error",
          "fade running",
          "reset state",
          "no short address",
          "power cycle seen");

  private static final Map<Integer, String> COMMANDS =
      Map.ofEntries(
          Map.entry(0x00, "OFF"),
          Map.entry(0x01, "UP"),
          Map.entry(0x02, "DOWN"),
          Map.entry(0x03, "STEP UP"),
          Map.entry(0x04, "STEP DOWN"),
          Map.entry(0x05, "RECALL MAX LEVEL"),
          Map.entry(0x06, "RECALL MIN LEVEL"),
          Map.entry(0x07, "STEP DOWN AND OFF"),
          Map.entry(0x08, "ON AND STEP UP"),
          Map.entry(0x09, "ENABLE DAPC SEQUENCE"),
          Map.entry(0x0A, "GO TO LAST ACTIVE LEVEL"),
          Map.entry(0x0B, "CONTINUOUS UP"),
          Map.entry(0x0C, "CONTINUOUS DOWN"),
          Map.entry(0x20, "RESET"),
          Map.entry(0x21, "STORE ACTUAL LEVEL IN DTR0"),
          Map.entry(0x22, "SAVE PERSISTENT VARIABLES"),
          Map.entry(0x23, "SET OPERATING MODE"),
          Map.entry(0x24, "RESET MEMORY BANK"),
          Map.entry(0x25, "IDENTIFY DEVICE"),
          Map.entry(0x2A, "SET MAX LEVEL"),
          Map.entry(0x2B, "SET MIN LEVEL"),
          Map.entry(0x2C, "SET SYSTEM FAILURE LEVEL"),
          Map.entry(0x2D, "SET POWER ON LEVEL"),
          Map.entry(0x2E, "SET FADE TIME"),
          Map.entry(0x2F, "SET FADE RATE"),
          Map.entry(0x30, "SET EXTENDED FADE TIME"),
          Map.entry(0x80, "SET SHORT ADDRESS"),
          Map.entry(0x81, "ENABLE WRITE MEMORY"),
          Map.entry(0x90, "QUERY STATUS"),
          Map.entry(0x91, "QUERY CONTROL GEAR PRESENT"),
          Map.entry(0x92, "QUERY LAMP FAILURE"),
          Map.entry(0x93, "QUERY LAMP POWER ON"),
          Map.entry(0x94, "QUERY LIMIT ERROR"),
          Map.entry(0x95, "QUERY RESET STATE"),
          Map.entry(0x96, "QUERY MISSING SHORT ADDRESS"),
          Map.entry(0x97, "QUERY VERSION NUMBER"),
          Map.entry(0x98, "QUERY CONTENT DTR0"),
          Map.entry(0x99, "QUERY DEVICE TYPE"),
          Map.entry(0x9A, "QUERY PHYSICAL MINIMUM"),
          Map.entry(0x9B, "QUERY POWER FAILURE"),
          Map.entry(0x9C, "QUERY CONTENT DTR1"),
          Map.entry(0x9D, "QUERY CONTENT DTR2"),
          Map.entry(0x9E, "QUERY OPERATING MODE"),
          Map.entry(0x9F, "QUERY LIGHT SOURCE TYPE"),
          Map.entry(0xA0, "QUERY ACTUAL LEVEL"),
          Map.entry(0xA1, "QUERY MAX LEVEL"),
          Map.entry(0xA2, "QUERY MIN LEVEL"),
          Map.entry(0xA3, "QUERY POWER ON LEVEL"),
          Map.entry(0xA4, "QUERY SYSTEM FAILURE LEVEL"),
          Map.entry(0xA5, "QUERY FADE TIME AND RATE"),
          Map.entry(0xA7, "QUERY NEXT DEVICE TYPE"),
          Map.entry(0xA8, "QUERY EXTENDED FADE TIME"),
          Map.entry(0xAA, "QUERY CONTROL GEAR FAILURE"),
          Map.entry(0xC0, "QUERY GROUPS 0-7"),
          Map.entry(0xC1, "QUERY GROUPS 8-15"),
          Map.entry(0xC2, "QUERY RANDOM ADDRESS H"),
          Map.entry(0xC3, "QUERY RANDOM ADDRESS M"),
          Map.entry(0xC4, "QUERY RANDOM ADDRESS L"),
          Map.entry(0xC5, "READ MEMORY LOCATION"));

  private static final Map<Integer, String> SPECIAL =
      Map.ofEntries(
          Map.entry(0xA1, "TERMINATE"),
          Map.entry(0xA3, "DTR0"),
          Map.entry(0xA5, "INITIALISE"),
          Map.entry(0xA7, "RANDOMISE"),
          Map.entry(0xA9, "COMPARE"),
          Map.entry(0xAB, "WITHDRAW"),
          Map.entry(0xAD, "PING"),
          Map.entry(0xB1, "SEARCHADDRH"),
          Map.entry(0xB3, "SEARCHADDRM"),
          Map.entry(0xB5, "SEARCHADDRL"),
          Map.entry(0xB7, "PROGRAM SHORT ADDRESS"),
          Map.entry(0xB9, "VERIFY SHORT ADDRESS"),
          Map.entry(0xBB, "QUERY SHORT ADDRESS"),
          Map.entry(0xC1, "ENABLE DEVICE TYPE"),
          Map.entry(0xC3, "DTR1"),
          Map.entry(0xC5, "DTR2"),
          Map.entry(0xC7, "WRITE MEMORY LOCATION"),
          Map.entry(0xC9, "WRITE MEMORY LOCATION - NO REPLY"));

  private DaliNames() {}

  /** What a frame is for: {@code short 5}, {@code group 3}, {@code all}, …; empty for a special. */
  public static String target(int frame) {
    int first = frame >> 8;
    if (Dali.isSpecial(frame)) {
      return "";
    }
    if (first < 0x80) {
      return "short " + (first >> 1);
    }
    if (first < 0xA0) {
      return "group " + (first >> 1 & 0x0F);
    }
    return switch (first >> 1) {
      case 0x7F -> "all";
      case 0x7E -> "all without a short address";
      default -> "reserved";
    };
  }

  /** {@code DAPC}, or the command's name as the standard writes it. */
  public static String command(int frame) {
    int opcode = frame & 0xFF;
    if (Dali.isSpecial(frame)) {
      return SPECIAL.getOrDefault(frame >> 8, "reserved");
    }
    if ((frame & 0x100) == 0) {
      return "DAPC";
    }
    return switch (opcode >> 4) {
      case 0x1 -> "GO TO SCENE " + (opcode & 0x0F);
      case 0x4 -> "SET SCENE " + (opcode & 0x0F);
      case 0x5 -> "REMOVE FROM SCENE " + (opcode & 0x0F);
      case 0x6 -> "ADD TO GROUP " + (opcode & 0x0F);
      case 0x7 -> "REMOVE FROM GROUP " + (opcode & 0x0F);
      case 0xB -> "QUERY SCENE LEVEL " + (opcode & 0x0F);
      case 0xE, 0xF -> "device type command";
      default -> COMMANDS.getOrDefault(opcode, "reserved");
    };
  }

  /** The names of the bits that are set. */
  public static List<String> status(int status) {
    List<String> words = new ArrayList<>();
    for (int bit = 0; bit < STATUS.size(); bit++) {
      if ((status >> bit & 1) != 0) {
        words.add(STATUS.get(bit));
      }
    }
    return words;
  }
}
