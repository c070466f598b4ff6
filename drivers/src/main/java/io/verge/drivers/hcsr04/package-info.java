/**
 * HC-SR04 and its relatives on two GPIO lines: a pulse of 10 microseconds on the trigger, and the
 * echo line is high for as long as sound takes to the surface and back. Source: {@code
 * hardware-notes/hc-sr04.md}.
 */
@NullMarked
package io.verge.drivers.hcsr04;

import org.jspecify.annotations.NullMarked;
