/** The Protocol Buffers wire format (protobuf.dev, "Encoding"), as far as back ends need it. */
@NullMarked
package io.verge.wire.proto;

import org.jspecify.annotations.NullMarked;
