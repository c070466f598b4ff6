/**
 * The driver SPI: what a device family sees of its bus, its settings and its commands. Drivers
 * never sleep, retry, lock, log or read a clock.
 */
@NullMarked
package io.verge.driver;

import org.jspecify.annotations.NullMarked;
