/** Serial ports through jSerialComm, which is used nowhere else. */
@NullMarked
package io.verge.transport.serial;

import org.jspecify.annotations.NullMarked;
