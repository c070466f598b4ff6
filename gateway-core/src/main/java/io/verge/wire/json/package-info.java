/** JSON of other people's back ends: read with limits, written plainly. */
@NullMarked
package io.verge.wire.json;

import org.jspecify.annotations.NullMarked;
