"""A Modbus RTU device of pymodbus: pymodbus_device.py PORT. Registers as in IndependentModbusTest."""
import struct
import sys
import threading

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartSerialServer
from pymodbus.transaction import ModbusRtuFramer

values = {0x00: 231.5, 0x06: 1.25, 0x0C: 287.5, 0x12: 300.25, 0x18: -12.5, 0x1E: 0.95,
          0x46: 50.0, 0x48: 1234.5, 0x4A: 0.25, 0x156: 1234.75}
registers = [0] * 0x160
for at, value in values.items():
    registers[at:at + 2] = struct.unpack(">HH", struct.pack(">f", value))
device = ModbusSlaveContext(ir=ModbusSequentialDataBlock(0, registers),
                            hr=ModbusSequentialDataBlock(0, [0] * 8), zero_mode=True)
threading.Timer(0.5, lambda: print("ready", flush=True)).start()
StartSerialServer(context=ModbusServerContext(slaves={17: device}, single=False),
                  framer=ModbusRtuFramer, port=sys.argv[1], baudrate=9600)
