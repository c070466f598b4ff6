/** The uplink protocol's messages as pure functions between records and bytes. Any thread. */
@NullMarked
package io.verge.wire;

import org.jspecify.annotations.NullMarked;
