/**
 * The frame that CJ/T 188 and DL/T 645 have in common: bytes FE to wake the meter, 68, a head that
 * ends with the length of the data, the data, the sum of all from 68 on, and 16. Sources: those of
 * the two families.
 */
@NullMarked
package io.verge.drivers.wire.meter;

import org.jspecify.annotations.NullMarked;
