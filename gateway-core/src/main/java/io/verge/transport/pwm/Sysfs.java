package io.verge.transport.pwm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The files of a PWM chip. */
interface Sysfs {
  boolean exists(Path path);

  /** Content without the line's end. */
  String read(Path path) throws IOException;

  /** One write of the whole text, which the kernel takes or refuses. */
  void write(Path path, String text) throws IOException;

  /** Those of this machine. */
  Sysfs REAL =
      new Sysfs() {
        private static final int BYTES_MAX = 4096;

        @Override
        public boolean exists(Path path) {
          return Files.exists(path);
        }

        @Override
        public String read(Path path) throws IOException {
          try (var in = Files.newInputStream(path)) {
            return new String(in.readNBytes(BYTES_MAX), StandardCharsets.US_ASCII).strip();
          }
        }

        @Override
        public void write(Path path, String text) throws IOException {
          Files.write(path, text.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
        }
      };
}
