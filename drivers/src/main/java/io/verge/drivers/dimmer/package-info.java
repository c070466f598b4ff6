/** A lamp dimmed by 0 to 10 V out of PWM. Source: {@code hardware-notes/pwm-dimmer.md}. */
@NullMarked
package io.verge.drivers.dimmer;

import org.jspecify.annotations.NullMarked;
