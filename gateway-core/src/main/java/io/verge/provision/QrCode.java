package io.verge.provision;

import java.util.Arrays;

/**
 * A QR code of bytes, error correction level M (15 % may be unreadable), versions 1 to 9. Written
 * from ISO/IEC 18004:2015: 7.4 (data), 7.5 (Reed-Solomon), 7.7 (placement), 7.8 (masks), 7.9 and
 * 7.10 (format and version).
 */
final class QrCode {
  static final int BYTES_MAX = 180;

  /** Light modules that must stay around it. */
  static final int QUIET = 4;

  private static final int VERSIONS = 9;
  private static final int BYTE_MODE = 4;

  /** Table 1 and table 9, by version: codewords in all, of correction a block, blocks. */
  private static final int[] CODEWORDS = {0, 26, 44, 70, 100, 134, 172, 196, 242, 292};

  private static final int[] CORRECTION = {0, 10, 16, 26, 18, 24, 16, 18, 22, 22};
  private static final int[] BLOCKS = {0, 1, 1, 1, 2, 2, 4, 4, 4, 5};

  /** Annex E: centres of alignment patterns beyond the one at 6. */
  private static final int[][] ALIGNMENT = {
    {}, {}, {18}, {22}, {26}, {30}, {34}, {22, 38}, {24, 42}, {26, 46}
  };

  private static final int FORMAT_GENERATOR = 0x537;
  private static final int FORMAT_MASK = 0x5412;
  private static final int VERSION_GENERATOR = 0x1F25;

  private final int version;
  private final boolean[][] dark;
  private final boolean[][] fixed;

  private QrCode(int version) {
    this.version = version;
    int size = 17 + 4 * version;
    this.dark = new boolean[size][size];
    this.fixed = new boolean[size][size];
  }

  /**
   * @throws IllegalArgumentException if there are more than {@value #BYTES_MAX}.
   */
  static QrCode of(byte[] bytes) {
    int version = 1;
    while (version <= VERSIONS && data(version) < bytes.length + 2) {
      version++;
    }
    if (version > VERSIONS) {
      throw new IllegalArgumentException(bytes.length + " bytes, at most " + BYTES_MAX);
    }
    QrCode code = new QrCode(version);
    code.patterns();
    code.place(code.interleaved(code.codewords(bytes)));
    code.mask();
    return code;
  }

  int size() {
    return dark.length;
  }

  boolean isDark(int row, int column) {
    return dark[row][column];
  }

  private static int data(int version) {
    return CODEWORDS[version] - CORRECTION[version] * BLOCKS[version];
  }

  /** Mode, length, bytes, end; then the two fillers by turns. */
  private byte[] codewords(byte[] bytes) {
    byte[] words = new byte[data(version)];
    words[0] = (byte) (BYTE_MODE << 4 | bytes.length >> 4);
    int before = bytes.length & 15;
    for (int i = 0; i < bytes.length; i++) {
      words[i + 1] = (byte) (before << 4 | (bytes[i] & 0xff) >> 4);
      before = bytes[i] & 15;
    }
    words[bytes.length + 1] = (byte) (before << 4);
    for (int i = bytes.length + 2; i < words.length; i++) {
      words[i] = (byte) ((i - bytes.length) % 2 == 0 ? 0xEC : 0x11);
    }
    return words;
  }

  /** Column by column through the blocks, first data, then correction. */
  private byte[] interleaved(byte[] data) {
    int blocks = BLOCKS[version];
    int shorter = data.length / blocks;
    int longer = data.length % blocks;
    byte[][] parts = new byte[blocks][];
    byte[][] corrections = new byte[blocks][];
    int from = 0;
    for (int b = 0; b < blocks; b++) {
      int length = shorter + (b >= blocks - longer ? 1 : 0);
      parts[b] = Arrays.copyOfRange(data, from, from + length);
      corrections[b] = Galois.correction(parts[b], CORRECTION[version]);
      from += length;
    }
    byte[] all = new byte[CODEWORDS[version]];
    int at = 0;
    for (int i = 0; i <= shorter; i++) {
      for (byte[] part : parts) {
        if (i < part.length) {
          all[at++] = part[i];
        }
      }
    }
    for (int i = 0; i < CORRECTION[version]; i++) {
      for (byte[] correction : corrections) {
        all[at++] = correction[i];
      }
    }
    return all;
  }

  private void fix(int row, int column, boolean isDark) {
    dark[row][column] = isDark;
    fixed[row][column] = true;
  }

  private void patterns() {
    int end = size() - 1;
    for (int i = 0; i < size(); i++) {
      fix(6, i, i % 2 == 0);
      fix(i, 6, i % 2 == 0);
    }
    finder(3, 3);
    finder(3, end - 3);
    finder(end - 3, 3);
    int[] beyond = ALIGNMENT[version];
    for (int i = 0; i < beyond.length; i++) {
      for (int other : beyond) {
        alignment(beyond[i], other);
      }
      if (i < beyond.length - 1) {
        alignment(6, beyond[i]);
        alignment(beyond[i], 6);
      }
    }
    format(0);
    if (version >= 7) {
      int bits = version << 12 | remainder(version, VERSION_GENERATOR, 12);
      for (int i = 0; i < 18; i++) {
        boolean one = (bits >> i & 1) == 1;
        fix(i / 3, end - 10 + i % 3, one);
        fix(end - 10 + i % 3, i / 3, one);
      }
    }
  }

  private void finder(int row, int column) {
    for (int r = row - 4; r <= row + 4; r++) {
      for (int c = column - 4; c <= column + 4; c++) {
        if (r >= 0 && r < size() && c >= 0 && c < size()) {
          int ring = Math.max(Math.abs(r - row), Math.abs(c - column));
          fix(r, c, ring != 2 && ring != 4);
        }
      }
    }
  }

  private void alignment(int row, int column) {
    for (int r = -2; r <= 2; r++) {
      for (int c = -2; c <= 2; c++) {
        fix(row + r, column + c, Math.max(Math.abs(r), Math.abs(c)) != 1);
      }
    }
  }

  private static int remainder(int value, int generator, int bits) {
    int rest = value << bits;
    int top = 31 - Integer.numberOfLeadingZeros(generator);
    for (int i = 31 - Integer.numberOfLeadingZeros(rest | 1); i >= top; i--) {
      if ((rest >> i & 1) == 1) {
        rest ^= generator << (i - top);
      }
    }
    return rest;
  }

  /** Level M is 00; twice, around the upper left finder and beside the other two. */
  private void format(int mask) {
    int bits = (mask << 10 | remainder(mask, FORMAT_GENERATOR, 10)) ^ FORMAT_MASK;
    int end = size() - 1;
    for (int i = 0; i < 15; i++) {
      boolean one = (bits >> i & 1) == 1;
      int along = i < 6 ? i : i < 8 ? i + 1 : 14 - i;
      if (i < 8) {
        fix(along, 8, one);
        fix(8, end - i, one);
      } else {
        fix(8, i == 8 ? 7 : along, one);
        fix(end - 14 + i, 8, one);
      }
    }
    fix(end - 7, 8, true);
  }

  /** Two columns at a time from the right, up and down by turns. */
  private void place(byte[] words) {
    int bit = 0;
    boolean up = true;
    for (int right = size() - 1; right > 0; right -= 2) {
      if (right == 6) {
        right--;
      }
      for (int step = 0; step < size(); step++) {
        int row = up ? size() - 1 - step : step;
        for (int column = right; column >= right - 1; column--) {
          if (!fixed[row][column]) {
            dark[row][column] =
                bit < words.length * 8 && (words[bit / 8] >> (7 - bit % 8) & 1) == 1;
            bit++;
          }
        }
      }
      up = !up;
    }
  }

  private void mask() {
    int best = 0;
    int least = Integer.MAX_VALUE;
    for (int mask = 0; mask < 8; mask++) {
      apply(mask);
      format(mask);
      int penalty = Penalty.of(dark);
      if (penalty < least) {
        least = penalty;
        best = mask;
      }
      apply(mask);
    }
    apply(best);
    format(best);
  }

  private void apply(int mask) {
    for (int i = 0; i < size(); i++) {
      for (int j = 0; j < size(); j++) {
        dark[i][j] ^= !fixed[i][j] && isMasked(mask, i, j);
      }
    }
  }

  /** Table 10; i is the row. */
  private static boolean isMasked(int mask, int i, int j) {
    return switch (mask) {
      case 0 -> (i + j) % 2 == 0;
      case 1 -> i % 2 == 0;
      case 2 -> j % 3 == 0;
      case 3 -> (i + j) % 3 == 0;
      case 4 -> (i / 2 + j / 3) % 2 == 0;
      case 5 -> i * j % 2 + i * j % 3 == 0;
      case 6 -> (i * j % 2 + i * j % 3) % 2 == 0;
      default -> ((i + j) % 2 + i * j % 3) % 2 == 0;
    };
  }

  /** Reed-Solomon over GF(2^8) with x^8 + x^4 + x^3 + x^2 + 1. */
  private static final class Galois {
    private static final int FIELD = 0x11D;

    private static int times(int a, int b) {
      int product = 0;
      for (int bit = 7; bit >= 0; bit--) {
        product = product << 1 ^ (product >> 7) * FIELD;
        product ^= (b >> bit & 1) * a;
      }
      return product;
    }

    /** Coefficients of (x - 1)(x - 2)(x - 4)…, the highest one, which is 1, left out. */
    private static int[] generator(int degree) {
      int[] coefficients = new int[degree];
      coefficients[degree - 1] = 1;
      int root = 1;
      for (int i = 0; i < degree; i++) {
        for (int j = 0; j < degree; j++) {
          coefficients[j] =
              times(coefficients[j], root) ^ (j + 1 < degree ? coefficients[j + 1] : 0);
        }
        root = times(root, 2);
      }
      return coefficients;
    }

    static byte[] correction(byte[] data, int degree) {
      int[] generator = generator(degree);
      int[] rest = new int[degree];
      for (byte word : data) {
        int factor = (word & 0xff) ^ rest[0];
        System.arraycopy(rest, 1, rest, 0, degree - 1);
        rest[degree - 1] = 0;
        for (int j = 0; j < degree; j++) {
          rest[j] ^= times(generator[j], factor);
        }
      }
      byte[] words = new byte[degree];
      for (int j = 0; j < degree; j++) {
        words[j] = (byte) rest[j];
      }
      return words;
    }
  }

  /** How hard a code is to read (7.8.3): runs, blocks, what looks like a finder, imbalance. */
  private static final class Penalty {
    private static final int FINDER = 0b10111010000;
    private static final int REDNIF = 0b00001011101;
    private static final int ELEVEN = (1 << 11) - 1;

    static int of(boolean[][] dark) {
      int size = dark.length;
      int penalty = 0;
      int count = 0;
      for (int a = 0; a < size; a++) {
        int line = a;
        penalty += line(size, i -> dark[line][i]) + line(size, i -> dark[i][line]);
        for (int b = 0; b < size; b++) {
          count += dark[a][b] ? 1 : 0;
          boolean isBlock =
              a > 0
                  && b > 0
                  && dark[a][b] == dark[a - 1][b]
                  && dark[a][b] == dark[a][b - 1]
                  && dark[a][b] == dark[a - 1][b - 1];
          penalty += isBlock ? 3 : 0;
        }
      }
      return penalty + Math.abs(count * 20 - size * size * 10) / (size * size) * 10;
    }

    private interface Line {
      boolean at(int i);
    }

    private static int line(int size, Line line) {
      int penalty = 0;
      int run = 0;
      int seen = 0;
      for (int i = 0; i < size; i++) {
        run = i > 0 && line.at(i) == line.at(i - 1) ? run + 1 : 1;
        penalty += run == 5 ? 3 : run > 5 ? 1 : 0;
        seen = (seen << 1 | (line.at(i) ? 1 : 0)) & ELEVEN;
        penalty += i >= 10 && (seen == FINDER || seen == REDNIF) ? 40 : 0;
      }
      return penalty;
    }
  }
}
