/**
 * GPIO chips: through Pi4J on a Raspberry Pi, through the kernel's character device elsewhere.
 * Sources: linux/gpio.h (uAPI v2, Linux 5.10 and newer), Pi4J 2.8.
 */
@NullMarked
package io.verge.transport.gpio;

import org.jspecify.annotations.NullMarked;
