/** Explains uplink messages to a person. */
@NullMarked
package io.verge.wire.explain;

import org.jspecify.annotations.NullMarked;
