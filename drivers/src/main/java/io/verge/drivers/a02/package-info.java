/**
 * A02YYUW and its relatives (A01NYUB, ME007YS, JSN-SR04T mode 2): an ultrasonic sensor that sends
 * its distance every 100..300 ms, 9600 8N1.
 *
 * <pre>
 * offset  size  field
 * 0       1     0xFF
 * 1       2     distance in mm, high byte first
 * 3       1     sum of bytes 0..2, modulo 256
 * </pre>
 *
 * Source: DFRobot wiki SEN0311.
 */
@NullMarked
package io.verge.drivers.a02;

import org.jspecify.annotations.NullMarked;
