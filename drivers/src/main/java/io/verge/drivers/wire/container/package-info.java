/** What sensors above a container share: mounting geometry, temperature, the median of echoes. */
@NullMarked
package io.verge.drivers.wire.container;

import org.jspecify.annotations.NullMarked;
