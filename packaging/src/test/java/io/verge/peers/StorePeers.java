package io.verge.peers;

import java.util.Locale;

/** Gives one peer its readings and prints how many a second it accepted. */
final class StorePeers {
  private StorePeers() {}

  /** Arguments: the peer, its folder or port, how many readings. */
  public static void main(String[] arguments) throws Exception {
    int readings = Integer.parseInt(arguments[2]);
    Payload payload = new Payload();
    try (Peer peer = peer(arguments[0], arguments[1], readings)) {
      long began = System.nanoTime();
      for (int i = 0; i < readings; i++) {
        payload.next();
        peer.put(payload);
      }
      peer.accepted();
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf(Locale.ROOT, "%.1f%n", readings / seconds);
      System.out.flush();
    }
    // Paho's threads go on trying to connect.
    System.exit(0);
  }

  private static Peer peer(String name, String where, int readings) throws Exception {
    return switch (name) {
      case "verge-1s" -> new VergePeer(where, 50);
      case "verge-10s" -> new VergePeer(where, 500);
      case "verge-each" -> new VergePeer(where, 1);
      case "sqlite-row" -> RowPeer.sqlite(where);
      case "h2-row" -> RowPeer.h2(where);
      case "paho-files" -> new PahoPeer(where, readings);
      case "mosquitto" -> new BrokerPeer.Mosquitto(Integer.parseInt(where));
      case "nats" -> new BrokerPeer.Nats(Integer.parseInt(where));
      default -> throw new IllegalArgumentException("no peer " + name);
    };
  }
}
