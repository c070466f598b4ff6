/** The command line: one class a command, no behaviour beyond parse, call and print. */
@NullMarked
package io.verge.cli;

import org.jspecify.annotations.NullMarked;
