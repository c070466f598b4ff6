package io.verge.uplink;

import java.nio.file.Path;
import javax.net.ssl.SSLSocket;

/** A process of its own, since the token's module reads its environment: shakes hands once. */
public final class Pkcs11Client {
  private Pkcs11Client() {}

  /**
   * @param args authority, certificate, file with the key's address, port.
   */
  public static void main(String[] args) throws Exception {
    Path key = Path.of(args[2]);
    try (SSLSocket socket =
        (SSLSocket)
            Tls.context(Path.of(args[0]), Path.of(args[1]), key)
                .getSocketFactory()
                .createSocket("127.0.0.1", Integer.parseInt(args[3]))) {
      socket.startHandshake();
      boolean stays = Tls.privateKey(key).getEncoded() == null;
      System.out.println(
          socket.getSession().getProtocol() + " " + (char) socket.getInputStream().read() + stays);
    }
  }
}
