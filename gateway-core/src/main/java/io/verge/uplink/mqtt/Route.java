package io.verge.uplink.mqtt;

import io.verge.uplink.Line;
import io.verge.uplink.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a connection reaches its server: from which interface's address, and through which proxy
 * (HTTP CONNECT, RFC 9110 section 9.3.6; SOCKS5, RFC 1928 with user and password by RFC 1929).
 * Behind a proxy the server's name is the proxy's to look up.
 */
final class Route {
  static final Route DIRECT = new Route(Line.PLAIN);

  /** Of a proxy's answer: its head has a line or two, and some fields. */
  private static final int HEAD_BYTES_MAX = 8 * 1024;

  private static final int NAME_BYTES_MAX = 255;

  private final Line line;

  Route(Line line) {
    this.line = line;
  }

  boolean hasProxy() {
    return line.proxy() != null;
  }

  /** Where the TCP connection goes. */
  InetSocketAddress first(InetSocketAddress server) throws UnknownHostException {
    URI proxy = line.proxy();
    InetSocketAddress first =
        proxy == null ? server : new InetSocketAddress(proxy.getHost(), proxy.getPort());
    if (first.isUnresolved()) {
      throw new UnknownHostException(first.getHostString());
    }
    return first;
  }

  /**
   * An address of the interface that suits the other end; null: the system's choice.
   *
   * @throws IOException if there is no such interface, or it has no such address.
   */
  @Nullable InetSocketAddress source(InetSocketAddress to) throws IOException {
    if (line.networkInterface().isEmpty()) {
      return null;
    }
    NetworkInterface by = NetworkInterface.getByName(line.networkInterface());
    if (by == null) {
      throw new IOException("no interface " + line.networkInterface() + " here");
    }
    List<InetAddress> addresses = Collections.list(by.getInetAddresses());
    boolean isSix = to.getAddress() instanceof Inet6Address;
    return addresses.stream()
        .filter(address -> address instanceof Inet6Address == isSix)
        .findFirst()
        .map(address -> new InetSocketAddress(address, 0))
        .orElseThrow(
            () ->
                new IOException(
                    "interface " + line.networkInterface() + " has no address for " + to));
  }

  /** Asks the proxy, over a connection to it, for one to the server. */
  void ask(InetSocketAddress server, InputStream in, OutputStream out) throws IOException {
    URI proxy = line.proxy();
    if (proxy == null) {
      return;
    }
    if ("socks5".equals(proxy.getScheme())) {
      socks(server, proxy.getUserInfo(), in, out);
    } else {
      connect(server, proxy.getUserInfo(), in, out);
    }
  }

  private String password() throws IOException {
    return line.proxyPasswordFile() == null ? "" : Tls.secret(line.proxyPasswordFile());
  }

  private void connect(
      InetSocketAddress server, @Nullable String user, InputStream in, OutputStream out)
      throws IOException {
    String name = server.getHostString();
    String authority = (name.contains(":") ? "[" + name + "]" : name) + ":" + server.getPort();
    String ask = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
    if (user != null) {
      byte[] both = (user + ":" + password()).getBytes(StandardCharsets.UTF_8);
      ask += "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(both) + "\r\n";
    }
    out.write((ask + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    String head = head(in);
    String status = head.substring(0, Math.max(0, head.indexOf('\r')));
    if (!status.matches("HTTP/1\\.[01] 2\\d\\d( .*)?")) {
      throw new IOException(
          "the proxy answered \""
              + status.replaceAll("[^ -~]", "?")
              + "\" to CONNECT "
              + authority);
    }
  }

  /** Byte by byte, so that what follows the head is left for TLS or MQTT. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      if (head.length() == HEAD_BYTES_MAX) {
        throw new IOException("the proxy's answer is longer than " + HEAD_BYTES_MAX + " bytes");
      }
      head.append((char) one(in));
    }
    return head.toString();
  }

  private static int one(InputStream in) throws IOException {
    int one = in.read();
    if (one < 0) {
      throw new IOException("the proxy hung up");
    }
    return one;
  }

  private void socks(
      InetSocketAddress server, @Nullable String user, InputStream in, OutputStream out)
      throws IOException {
    out.write(user == null ? new byte[] {5, 1, 0} : new byte[] {5, 2, 0, 2});
    out.flush();
    int version = one(in);
    int method = one(in);
    if (version != 5 || method != 0 && method != 2 || method == 2 && user == null) {
      throw new IOException(
          "the proxy speaks SOCKS " + version + ", and wants method " + method + " of signing in");
    }
    if (method == 2 && user != null) {
      out.write(1);
      text(out, user);
      text(out, password());
      out.flush();
      one(in);
      if (one(in) != 0) {
        throw new IOException("the proxy refuses user " + user);
      }
    }
    out.write(new byte[] {5, 1, 0, 3});
    text(out, server.getHostString());
    out.write(server.getPort() >> 8);
    out.write(server.getPort());
    out.flush();
    one(in);
    int reply = one(in);
    one(in);
    int kind = one(in);
    if (reply != 0) {
      throw new IOException(
          "the proxy answered " + reply + " (" + reply(reply) + ") for " + server.getHostString());
    }
    int rest = (kind == 1 ? 4 : kind == 4 ? 16 : kind == 3 ? one(in) : 0) + 2;
    for (int i = 0; i < rest; i++) {
      one(in);
    }
  }

  private static void text(OutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > NAME_BYTES_MAX) {
      throw new IOException("a name of " + bytes.length + " bytes is too long for SOCKS");
    }
    out.write(bytes.length);
    out.write(bytes);
  }

  /** RFC 1928, section 6. */
  private static String reply(int code) {
    return switch (code) {
      case 2 -> "not allowed by its rules";
      case 3 -> "network unreachable";
      case 4 -> "host unreachable";
      case 5 -> "connection refused";
      case 6 -> "TTL expired";
      default -> "failure";
    };
  }
}
