/** Water meters on wired M-Bus. Source of the wire: {@code io.verge.drivers.wire.mbus}. */
@NullMarked
package io.verge.drivers.mbus;

import org.jspecify.annotations.NullMarked;
