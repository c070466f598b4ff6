package io.verge.time;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/** Which boot of the machine this is. */
public final class Boot {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private Boot() {}

  /** 32 bits of the kernel's boot id; random where there is none. */
  public static long number(RandomGenerator random) {
    try {
      CRC32C crc = new CRC32C();
      crc.update(Files.readString(BOOT_ID).strip().getBytes(StandardCharsets.US_ASCII));
      return crc.getValue();
    } catch (IOException absent) {
      return random.nextInt() & 0xFFFF_FFFFL;
    }
  }
}
