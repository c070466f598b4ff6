/**
 * PWM channels through {@code /sys/class/pwm}, which is the kernel's only interface for them.
 * Source: Documentation/driver-api/pwm.rst and drivers/pwm of Linux.
 */
@NullMarked
package io.verge.transport.pwm;

import org.jspecify.annotations.NullMarked;
