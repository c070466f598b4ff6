/** What a batch means as SenML (RFC 8428), and its two codings. */
@NullMarked
package io.verge.wire.senml;

import org.jspecify.annotations.NullMarked;
