/** The durable command inbox: expiry, de-duplication, dispatch to a bus, outcome. */
@NullMarked
package io.verge.command;

import org.jspecify.annotations.NullMarked;
