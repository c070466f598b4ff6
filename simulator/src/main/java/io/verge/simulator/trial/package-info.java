/** The diagnoses of the gateway tried on recordings of real devices. */
@NullMarked
package io.verge.simulator.trial;

import org.jspecify.annotations.NullMarked;
