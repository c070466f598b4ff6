/**
 * DL/T 645-2007 electricity meters, and what is needed of DL/T 645-1997; 2400 8E1.
 *
 * <pre>
 * offset  size  field
 * -       0..4  FE, to wake the meter
 * 0       1     68
 * 1       6     address, BCD, low byte first; AA .. AA any
 * 7       1     68
 * 8       1     control: 11 read, 12 read on; answer + 80; + 20 more follows; + 40 refusal
 *               (1997: 01 read, 02 read on)
 * 9       1     length L of the data
 * 10      L     data, each byte + 33: DI (4 bytes, low byte first; 1997: 2), then values;
 *               of a refusal one byte of error bits
 * 10+L    1     sum of all bytes from the first 68 on, modulo 256
 * 11+L    1     16
 * </pre>
 *
 * Source: DL/T 645-2007, chapters 5 and 7 and annex A, as told by the implementations named in
 * {@code hardware-notes/dlt645.md}.
 */
@NullMarked
package io.verge.drivers.dlt645;

import org.jspecify.annotations.NullMarked;
