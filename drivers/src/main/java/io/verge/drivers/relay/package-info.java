/** A lamp switched by a relay on a GPIO line. Source: {@code hardware-notes/gpio-relay.md}. */
@NullMarked
package io.verge.drivers.relay;

import org.jspecify.annotations.NullMarked;
