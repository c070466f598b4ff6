/** Modbus RTU devices. Source of the wire: {@code io.verge.drivers.wire.modbus}. */
@NullMarked
package io.verge.drivers.modbus;

import org.jspecify.annotations.NullMarked;
