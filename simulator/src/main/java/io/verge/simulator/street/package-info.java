/** A whole street on pseudo-terminals and TCP, with a world behind it. */
@NullMarked
package io.verge.simulator.street;

import org.jspecify.annotations.NullMarked;
