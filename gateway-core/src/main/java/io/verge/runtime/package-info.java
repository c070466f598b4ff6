/**
 * The composition root: finds drivers, transports and command extensions, builds a gateway by hand
 * from its configuration, and is the process. Imported by nobody but the simulator's whole-gateway
 * runs.
 */
@NullMarked
package io.verge.runtime;

import org.jspecify.annotations.NullMarked;
