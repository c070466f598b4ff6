/** Pseudo-terminals of this machine, through JNA: what a serial port is to the gateway. */
@NullMarked
package io.verge.simulator.pty;

import org.jspecify.annotations.NullMarked;
