package io.verge.peers;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.facade.ModbusSerialMaster;
import com.ghgande.j2mod.modbus.util.SerialParameters;

/** Polls units without end through j2mod. */
final class J2modMaster {
  private static final int REGISTERS = 9;
  private static final int TIMEOUT_MS = 300;

  private J2modMaster() {}

  /** Arguments: milliseconds between transactions (0: its own choice), port, baud rate, units. */
  public static void main(String[] arguments) throws Exception {
    SerialParameters line = new SerialParameters();
    line.setPortName(arguments[1]);
    line.setBaudRate(arguments[2]);
    line.setDatabits(8);
    line.setParity("None");
    line.setStopbits(1);
    line.setEncoding("rtu");
    line.setEcho(false);
    int units = Integer.parseInt(arguments[3]);
    ModbusSerialMaster master =
        new ModbusSerialMaster(line, TIMEOUT_MS, Integer.parseInt(arguments[0]));
    master.setRetries(1);
    master.connect();
    while (true) {
      for (int unit = 1; unit <= units; unit++) {
        try {
          master.readInputRegisters(unit, 0, REGISTERS);
        } catch (ModbusException e) {
          System.err.println("unit " + unit + ": " + e);
        }
      }
    }
  }
}
