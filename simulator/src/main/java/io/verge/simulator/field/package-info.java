/** A street with every family of devices on lines where everything goes wrong, and its truth. */
@NullMarked
package io.verge.simulator.field;

import org.jspecify.annotations.NullMarked;
