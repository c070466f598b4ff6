package io.verge.drivers.dali;

import io.verge.bytes.Decoded;
import io.verge.driver.FrameDecoder;
import io.verge.drivers.wire.dali.DaliExplainer;

/** Explains frames of the DALI bus, of its masters, and values of memory banks. */
public final class DaliDecoder implements FrameDecoder {
  @Override
  public String protocol() {
    return "dali";
  }

  @Override
  public Decoded<Explained> decode(byte[] frame) {
    return DaliExplainer.explain(frame);
  }
}
