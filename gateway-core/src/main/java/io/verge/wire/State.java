package io.verge.wire;

/** The retained state message: {@code {online, epoch, boot, version}}. */
public record State(boolean online, long epoch, long boot, String version) {
  public byte[] encode() {
    return Message.wrap(
        new CborWriter(64)
            .map(4)
            .text("online")
            .bool(online)
            .text("epoch")
            .unsigned(epoch)
            .text("boot")
            .unsigned(boot)
            .text("version")
            .text(version));
  }
}
