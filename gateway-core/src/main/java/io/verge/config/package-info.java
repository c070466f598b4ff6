/** The configuration file: read strictly, every problem told at once with its place. */
@NullMarked
package io.verge.config;

import org.jspecify.annotations.NullMarked;
