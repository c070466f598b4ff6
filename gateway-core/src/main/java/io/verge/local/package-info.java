/**
 * The control socket: a Unix-domain socket on which the command line asks the running gateway, in
 * newline-delimited JSON. Declares what it asks ({@link io.verge.local.Desk}) and the plain views
 * it answers with; knows the model, counters and time. The server runs on one worker's thread, the
 * client on its caller's.
 */
@NullMarked
package io.verge.local;

import org.jspecify.annotations.NullMarked;
