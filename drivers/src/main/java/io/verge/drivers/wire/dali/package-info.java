/**
 * DALI through serial masters: forward frames, and what each master makes of them.
 *
 * <pre>
 * forward frame, 16 bit   YAAAAAAS dddddddd   0AAAAAAS short address, 100AAAAS group, 1111111S all;
 *                                             S 0: level 0..254, S 1: command
 * backward frame, 8 bit   dddddddd            no frame within 22 Te is an answer too: no
 *
 * SCI, 38400 8N1          control d0 d1 d2 xor              xor over the four bytes before it
 * LUBA, 38400 8N1         59 command length payload xor     xor from command to the end of payload
 * ATX LED, 19200 8N1      ASCII lines: hAABB, tAABB (twice); answers Jdd, N, X, Z
 * </pre>
 *
 * Source: IEC 62386-102 by way of sde1000/python-dali at 9ba8e26 (opcodes, masters, memory banks),
 * Beckhoff TcPlcLib_Tc3_DALI (curve), Lunatone LUBA and 22176438 (masters, by way of python-dali).
 */
@NullMarked
package io.verge.drivers.wire.dali;

import org.jspecify.annotations.NullMarked;
