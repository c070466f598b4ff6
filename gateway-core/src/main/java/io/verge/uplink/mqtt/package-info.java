/** MQTT 5 through Eclipse Paho, which is used nowhere else. Its threads only enqueue. */
@NullMarked
package io.verge.uplink.mqtt;

import org.jspecify.annotations.NullMarked;
