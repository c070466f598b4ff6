/**
 * Water meters with a pulse output on a GPIO line. Source: {@code hardware-notes/pulse-water.md}.
 */
@NullMarked
package io.verge.drivers.pulse;

import org.jspecify.annotations.NullMarked;
