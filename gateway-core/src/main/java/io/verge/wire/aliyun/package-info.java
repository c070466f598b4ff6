/** Alibaba Cloud IoT's Link Kit over MQTT: signing in, and its JSON ("Alink"). Pure. */
@NullMarked
package io.verge.wire.aliyun;

import org.jspecify.annotations.NullMarked;
