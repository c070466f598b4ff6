/**
 * GPIO lines without a chip, and what hangs on them: a relay with its auxiliary contact, a water
 * meter with a reed. Written from the hardware notes, in simulated or real time.
 */
@NullMarked
package io.verge.simulator.gpio;

import org.jspecify.annotations.NullMarked;
