/**
 * The durable buffer: journal, seal, batch, cursor, trim, shed, in one SQLite file owned by the
 * store thread.
 */
@NullMarked
package io.verge.store;

import org.jspecify.annotations.NullMarked;
