/** What sensors of particulate matter share: waking, warming up, the median of several frames. */
@NullMarked
package io.verge.drivers.wire.air;

import org.jspecify.annotations.NullMarked;
