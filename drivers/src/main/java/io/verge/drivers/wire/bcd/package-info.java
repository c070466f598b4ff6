/** Binary coded decimals as Chinese meters send them: two digits a byte, the lowest byte first. */
@NullMarked
package io.verge.drivers.wire.bcd;

import org.jspecify.annotations.NullMarked;
