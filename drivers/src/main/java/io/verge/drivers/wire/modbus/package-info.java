/**
 * Modbus RTU on the wire: requests, answers, exceptions and where an answer ends. Source: MODBUS
 * over Serial Line V1.02; MODBUS Application Protocol V1.1b3.
 */
@NullMarked
package io.verge.drivers.wire.modbus;

import org.jspecify.annotations.NullMarked;
