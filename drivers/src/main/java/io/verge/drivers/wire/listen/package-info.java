/** Sensors that talk by themselves: a poll takes several of their frames and their median. */
@NullMarked
package io.verge.drivers.wire.listen;

import org.jspecify.annotations.NullMarked;
