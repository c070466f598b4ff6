/** The shipped workers on one thread under simulated time: days of street in seconds, by a seed. */
@NullMarked
package io.verge.simulator.world;

import org.jspecify.annotations.NullMarked;
