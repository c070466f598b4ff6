package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
          "AT+COPS=3,2", "",
          "AT+CIMI", "268031234567890",
          "AT+CCID", "+CCID: 8935101234567890123F",
          "AT+CGSN", "861234567890123");

  private final SimulatedModem modem;
  private final StringBuilder command = new StringBuilder();
  private volatile long served;

  /** One that nothing goes wrong with. */
  public ModemWire() {
    this(new SimulatedModem());
  }

  public ModemWire(SimulatedModem modem) {
    this.modem = modem;
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    if (!modem.answers(nanos)) {
      command.setLength(0);
      return new byte[0];
    }
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    for (byte one : bytes) {
      if (one != '\r') {
        command.append((char) (one & 0xFF));
        command.setLength(Math.min(COMMAND_MAX, command.length()));
      } else {
        answers.writeBytes(answer(command.toString(), nanos).getBytes(StandardCharsets.US_ASCII));
        command.setLength(0);
      }
    }
    return answers.toByteArray();
  }

  private @Nullable String said(String asked, long nanos) {
    int stat = modem.registration(nanos);
    switch (asked) {
      case "AT+CEREG?" -> {
        return stat == 1 ? "+CEREG: 2,5,\"2616\",\"DD01\",7" : "+CEREG: 2," + stat;
      }
      case "AT+COPS?" -> {
        return stat == 1 ? "+COPS: 0,2,\"26803\",7" : "+COPS: 0";
      }
      case "AT+COPS=2" -> modem.network(false, nanos);
      case "AT+COPS=0" -> modem.network(true, nanos);
      case "AT+CFUN=0", "AT+CFUN=4" -> modem.radio(false, nanos);
      case "AT+CFUN=1" -> modem.radio(true, nanos);
      case "AT+CFUN=1,1" -> modem.reset(nanos);
      default -> {
        return ANSWERS.get(asked);
      }
    }
    return "";
  }

  private String answer(String asked, long nanos) {
    String answer = said(asked, nanos);
    if (answer == null) {
      return asked + "\r\r\nERROR\r\n";
    }
    served++;
    return asked
        + "\r\r\n+QIND: \"csq\",17,99\r\n"
        + (answer.isEmpty() ? "" : "\r\n" + answer + "\r\n")
        + "\r\n+CEREG: "
        + (modem.registration(nanos) == 1 ? 5 : modem.registration(nanos))
        + "\r\n\r\nOK\r\n";
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
