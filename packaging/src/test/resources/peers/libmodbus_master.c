/* A Modbus RTU master of libmodbus: libmodbus_master PAUSE_US PORT BAUD DEVICES. Polls the units 1..DEVICES without
 * end, nine input registers from 0 on. The library sends at once; what silence there is before a request is the
 * program's business, and its pause. */
#include <errno.h>
#include <modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: libmodbus_master PAUSE_US PORT BAUD DEVICES\n");
    return 2;
  }
  struct timespec pause = {0, atol(argv[1]) * 1000};
  int devices = atoi(argv[4]);
  modbus_t *bus = modbus_new_rtu(argv[2], atoi(argv[3]), 'N', 8, 1);
  if (bus == NULL || modbus_set_response_timeout(bus, 0, 300000) != 0 || modbus_connect(bus) != 0) {
    fprintf(stderr, "cannot poll: %s\n", modbus_strerror(errno));
    return 1;
  }
  for (;;) {
    for (int unit = 1; unit <= devices; unit++) {
      uint16_t registers[9];
      modbus_set_slave(bus, unit);
      if (pause.tv_nsec > 0) {
        nanosleep(&pause, NULL);
      }
      if (modbus_read_input_registers(bus, 0, 9, registers) != 9) {
        modbus_flush(bus);
      }
    }
  }
}
