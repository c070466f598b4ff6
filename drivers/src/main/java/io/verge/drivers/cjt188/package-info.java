/**
 * CJ/T 188-2004 and -2018 water meters, 2400 8E1.
 *
 * <pre>
 * offset  size  field
 * -       0..5  FE, to wake the meter
 * 0       1     68
 * 1       1     type: 10 cold, 11 hot, 12 drinking, 13 grey water; AA any
 * 2       7     address, BCD, low byte first; the last two are the maker's code; AA .. AA any
 * 9       1     control: 01 read, 04 write, 03 read address; answer + 80, refusal + C0
 * 10      1     length of the data
 * 11      L     data: DI (2 bytes, in one of two orders), SER, values
 * 11+L    1     sum of all bytes from 68 on, modulo 256
 * 12+L    1     16
 * </pre>
 *
 * Sources: cnblogs.com/flyingcloude/p/8136593.html and cnblogs.com/cj94/p/18534595 on CJ/T
 * 188-2004; hftangyu.com/563.html for the values of an answer; ng-gateway.com on the order of the
 * DI.
 */
@NullMarked
package io.verge.drivers.cjt188;

import org.jspecify.annotations.NullMarked;
