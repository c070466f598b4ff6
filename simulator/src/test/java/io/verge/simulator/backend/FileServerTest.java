package io.verge.simulator.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileServerTest {
  @TempDir private Path folder;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  private String ask(FileServer server, String request) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port());
        InputStream in = socket.getInputStream()) {
      socket
          .getOutputStream()
          .write((request + "\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void hangsUpWhereItWasToldAndGoesOnWhereItIsAsked() throws Exception {
    Files.writeString(folder.resolve("a.vup"), "0123456789");
    try (FileServer server = new FileServer(folder, 0, null, 4, told::add)) {
      assertThat(ask(server, "GET /a.vup HTTP/1.1"))
          .startsWith("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n")
          .endsWith("\r\n\r\n0123");
      assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("a.vup: 4 bytes from 0 of 10");
      assertThat(ask(server, "GET /a.vup HTTP/1.1\r\nRange: bytes=7-"))
          .startsWith("HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n")
          .contains("Content-Range: bytes 7-9/10")
          .endsWith("\r\n\r\n789");
    }
  }

  @Test
  void servesNothingElse() throws Exception {
    Files.writeString(folder.resolve("a.vup"), "0123456789");
    try (FileServer server = new FileServer(folder, 0, null, Long.MAX_VALUE, told::add)) {
      assertThat(ask(server, "GET /../a.vup HTTP/1.1")).startsWith("HTTP/1.1 404");
      assertThat(ask(server, "GET /b.vup HTTP/1.1")).startsWith("HTTP/1.1 404");
      assertThat(ask(server, "PUT /a.vup HTTP/1.1")).startsWith("HTTP/1.1 404");
      assertThat(ask(server, "GET /a.vup HTTP/1.1\r\nRange: bytes=10-"))
          .startsWith("HTTP/1.1 416")
          .contains("bytes */10");
    }
  }
}
