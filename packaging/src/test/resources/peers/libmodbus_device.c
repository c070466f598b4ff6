/* A Modbus RTU device of libmodbus: libmodbus_device PORT. Registers as in IndependentModbusTest. */
#include <errno.h>
#include <modbus.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>

static void put(modbus_mapping_t *map, int at, float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  map->tab_input_registers[at] = bits >> 16;
  map->tab_input_registers[at + 1] = bits & 0xFFFF;
}

int main(int argc, char **argv) {
  uint8_t request[MODBUS_RTU_MAX_ADU_LENGTH];
  modbus_t *bus = argc == 2 ? modbus_new_rtu(argv[1], 9600, 'N', 8, 1) : NULL;
  modbus_mapping_t *map = modbus_mapping_new(8, 8, 8, 0x160);
  if (bus == NULL || map == NULL || modbus_set_slave(bus, 17) != 0 || modbus_connect(bus) != 0) {
    fprintf(stderr, "cannot serve: %s\n", modbus_strerror(errno));
    return 1;
  }
  put(map, 0x00, 231.5f);
  put(map, 0x06, 1.25f);
  put(map, 0x0C, 287.5f);
  put(map, 0x12, 300.25f);
  put(map, 0x18, -12.5f);
  put(map, 0x1E, 0.95f);
  put(map, 0x46, 50.0f);
  put(map, 0x48, 1234.5f);
  put(map, 0x4A, 0.25f);
  put(map, 0x156, 1234.75f);
  puts("ready");
  fflush(stdout);
  for (;;) {
    int length = modbus_receive(bus, request);
    if (length > 0) {
      modbus_reply(bus, request, length, map);
    }
  }
}
