package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A modem on LTE that echoes commands and tells its signal unasked, also in the middle of an answer
 * (hardware-notes/modem-at.md).
 */
public final class ModemWire implements Wire {
  private static final int COMMAND_MAX = 200;
  private static final Map<String, String> ANSWERS =
      Map.of(
          "AT+CSQ", "+CSQ: 17,99",
          "AT+CESQ", "+CESQ: 99,99,255,255,19,51",
          "AT+CEREG?", "+CEREG: 2,5,\"2616\",\"DD01\",7",
          "AT+COPS=3,2", "",
          "AT+COPS?", "+COPS: 0,2,\"26803\",7",
          "AT+CIMI", "268031234567890",
          "AT+CCID", "+CCID: 8935101234567890123F",
          "AT+CGSN", "861234567890123",
          "AT+CFUN=1,1", "");

  private final StringBuilder command = new StringBuilder();
  private volatile long served;

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    for (byte one : bytes) {
      if (one != '\r') {
        command.append((char) (one & 0xFF));
        command.setLength(Math.min(COMMAND_MAX, command.length()));
      } else {
        answers.writeBytes(answer(command.toString()).getBytes(StandardCharsets.US_ASCII));
        command.setLength(0);
      }
    }
    return answers.toByteArray();
  }

  private String answer(String asked) {
    String answer = ANSWERS.get(asked);
    if (answer == null) {
      return asked + "\r\r\nERROR\r\n";
    }
    served++;
    return asked
        + "\r\r\n+QIND: \"csq\",17,99\r\n"
        + (answer.isEmpty() ? "" : "\r\n" + answer + "\r\n")
        + "\r\n+CEREG: 5\r\n\r\nOK\r\n";
  }

  @Override
  public byte[] spontaneous(long nanos) {
    return new byte[0];
  }

  @Override
  public long served() {
    return served;
  }
}
