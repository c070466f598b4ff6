package io.verge.runtime;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd how the service is: one datagram a message, as sd_notify(3) describes. The JDK has
 * no datagrams on Unix-domain sockets, so this is the only place of the runtime that calls the C
 * library; it is loaded only where a service manager asked to be told.
 */
final class ServiceManager {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** {@code sizeof sun_path}, unix(7). */
  private static final int PATH_MAX = 108;

  private static final String NOT_ASKED = "";

  /** socket(2), sendto(2), close(2). */
  interface LibC extends Library {
    int socket(int domain, int type, int protocol) throws LastErrorException;

    NativeLong sendto(
        int fd, byte[] message, NativeLong size, int flags, byte[] address, int addressSize)
        throws LastErrorException;

    int close(int fd) throws LastErrorException;
  }

  private final String socket;
  private final long watchdogMs;

  private ServiceManager(String socket, long watchdogMs) {
    this.socket = socket;
    this.watchdogMs = watchdogMs;
  }

  /**
   * @param environment of this process: {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC}, {@code
   *     WATCHDOG_PID}.
   * @param pid of this process; a watchdog meant for another one is not ours.
   */
  static ServiceManager of(Map<String, String> environment, long pid) {
    String socket = environment.getOrDefault("NOTIFY_SOCKET", NOT_ASKED);
    String forPid = environment.get("WATCHDOG_PID");
    boolean ours = forPid == null || forPid.equals(Long.toString(pid));
    return new ServiceManager(
        socket.startsWith("/") || socket.startsWith("@") ? socket : NOT_ASKED,
        ours ? millis(environment.get("WATCHDOG_USEC")) : 0);
  }

  private static long millis(@Nullable String micros) {
    if (micros == null || !micros.matches("[0-9]{1,18}")) {
      return 0;
    }
    return Long.parseLong(micros) / 1000;
  }

  /** How long it waits for a sign of life before it ends the service; 0: it does not. */
  long watchdogMs() {
    return socket.isEmpty() ? 0 : watchdogMs;
  }

  /**
   * @param status one line for {@code systemctl status}.
   */
  void ready(String status) throws IOException {
    tell("READY=1\nSTATUS=" + status.replace('\n', ' '));
  }

  void alive() throws IOException {
    tell("WATCHDOG=1");
  }

  void stopping() throws IOException {
    tell("STOPPING=1");
  }

  private void tell(String message) throws IOException {
    if (socket.isEmpty()) {
      return;
    }
    byte[] address = address(socket);
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    try {
      LibC libc = Native.load("c", LibC.class);
      int fd = libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
      try {
        libc.sendto(fd, bytes, new NativeLong(bytes.length), MSG_NOSIGNAL, address, address.length);
      } finally {
        libc.close(fd);
      }
    } catch (LastErrorException | UnsatisfiedLinkError e) {
      throw new IOException("systemd cannot be told on " + socket + ": " + e.getMessage(), e);
    }
  }

  /** {@code struct sockaddr_un}; a name with {@code @} in front is an abstract one. */
  private static byte[] address(String socket) throws IOException {
    byte[] path = socket.getBytes(StandardCharsets.UTF_8);
    if (path.length >= PATH_MAX) {
      throw new IOException(
          "NOTIFY_SOCKET has " + path.length + " bytes, the kernel takes " + (PATH_MAX - 1));
    }
    if (path[0] == '@') {
      path[0] = 0;
    }
    return ByteBuffer.allocate(2 + path.length)
        .order(ByteOrder.nativeOrder())
        .putShort((short) AF_UNIX)
        .put(path)
        .array();
  }
}
