package io.verge.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Serves one file over HTTP as a server does, and hangs up as a cellular line does. */
final class RangeServer implements AutoCloseable {
  /** Requested ranges, in the order they came; empty: the whole file. */
  final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  /** Bytes of an answer's body after which the connection is reset. */
  volatile int breaksAfter = Integer.MAX_VALUE;

  volatile boolean knowsRanges = true;
  volatile String instead = "";
  volatile byte[] file;

  private final ServerSocket server;
  private final Thread thread;

  RangeServer(byte[] file) throws IOException {
    this.file = file;
    this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    this.thread = new Thread(this::serve, "range server");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/verge.vup";
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        answer(client);
      } catch (IOException e) {
        // The gateway hung up, or the test is over.
        asked.add("hung up: " + e.getMessage());
      }
    }
  }

  private void answer(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    String range = "";
    String line = in.readLine();
    while (line != null && !line.isEmpty()) {
      if (line.startsWith("Range: ")) {
        range = line.substring("Range: ".length());
      }
      line = in.readLine();
    }
    asked.add(range);
    if (!instead.isEmpty()) {
      client.getOutputStream().write(instead.getBytes(StandardCharsets.US_ASCII));
      return;
    }
    int from =
        range.isEmpty() || !knowsRanges
            ? 0
            : Integer.parseInt(range.replace("bytes=", "").replace("-", ""));
    String head =
        from == 0
            ? "HTTP/1.1 200 OK\r\n"
            : "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes "
                + from
                + "-"
                + (file.length - 1)
                + "/"
                + file.length
                + "\r\n";
    head += "Content-Length: " + (file.length - from) + "\r\n\r\n";
    client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    int count = Math.min(file.length - from, breaksAfter);
    client.getOutputStream().write(file, from, count);
    client.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
