package io.verge.simulator.device;

/** A wire that can be pulled out and put in again, by another thread than the one it serves. */
public final class Plug implements Wire {
  private final Wire wire;
  private volatile boolean isOut;

  public Plug(Wire wire) {
    this.wire = wire;
  }

  /** From now on nothing is heard and nothing said. */
  public void pull() {
    isOut = true;
  }

  public void push() {
    isOut = false;
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    return isOut ? new byte[0] : wire.received(bytes, nanos);
  }

  @Override
  public byte[] spontaneous(long nanos) {
    return isOut ? new byte[0] : wire.spontaneous(nanos);
  }

  @Override
  public long served() {
    return wire.served();
  }
}
