/** JSON of ThingsBoard's gateway MQTT API (thingsboard.io, "MQTT Gateway API reference"). Pure. */
@NullMarked
package io.verge.wire.thingsboard;

import org.jspecify.annotations.NullMarked;
