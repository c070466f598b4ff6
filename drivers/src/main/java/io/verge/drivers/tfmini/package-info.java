/**
 * Benewake TFmini-S, TFmini Plus and TFmini: distance by light, 115200 8N1, 100 frames a second
 * unless told otherwise.
 *
 * <pre>
 * offset  size  field
 * 0       2     59 59
 * 2       2     distance in cm, low byte first; -1 too weak, -2 saturated, -4 too much light
 * 4       2     strength, low byte first; up to 100 is too weak, FFFF saturated
 * 6       2     chip temperature in 1/8 degrees above -256, low byte first (TFmini: mode, spare)
 * 8       1     sum of bytes 0..7, modulo 256
 * </pre>
 *
 * Sources: Benewake TFmini-S product manual A05, pages 11 and 12; TFmini-S user manual.
 */
@NullMarked
package io.verge.drivers.tfmini;

import org.jspecify.annotations.NullMarked;
