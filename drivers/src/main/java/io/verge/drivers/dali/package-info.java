/**
 * Lamps on a DALI bus behind a serial master. Source of the wire: {@code
 * io.verge.drivers.wire.dali}.
 */
@NullMarked
package io.verge.drivers.dali;

import org.jspecify.annotations.NullMarked;
