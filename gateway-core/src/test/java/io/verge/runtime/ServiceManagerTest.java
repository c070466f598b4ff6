package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages as sd_notify(3) words them, on a real datagram socket. */
class ServiceManagerTest {
  private static final int MSG_DONTWAIT = 0x40;

  interface Receiving extends Library {
    int socket(int domain, int type, int protocol) throws LastErrorException;

    int bind(int fd, byte[] address, int size) throws LastErrorException;

    int recv(int fd, byte[] target, int size, int flags) throws LastErrorException;

    int close(int fd) throws LastErrorException;
  }

  @TempDir private Path folder = Path.of("unset");

  @Test
  void tellsReadyAliveAndStoppingOnAPath() throws IOException {
    tells(folder.resolve("notify").toString());
  }

  @Test
  void tellsOnAnAbstractName() throws IOException {
    tells("@verge-test-" + ProcessHandle.current().pid());
  }

  private static void tells(String name) throws IOException {
    Receiving libc = Native.load("c", Receiving.class);
    int fd = libc.socket(1, 2, 0);
    try {
      byte[] path = name.getBytes(StandardCharsets.UTF_8);
      if (path[0] == '@') {
        path[0] = 0;
      }
      ByteBuffer address =
          ByteBuffer.allocate(2 + path.length).order(ByteOrder.nativeOrder()).putShort((short) 1);
      libc.bind(fd, address.put(path).array(), address.capacity());
      ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", name), 1);
      manager.ready("two\nlines");
      manager.alive();
      manager.stopping();
      assertThat(received(libc, fd)).isEqualTo("READY=1\nSTATUS=two lines");
      assertThat(received(libc, fd)).isEqualTo("WATCHDOG=1");
      assertThat(received(libc, fd)).isEqualTo("STOPPING=1");
    } finally {
      libc.close(fd);
    }
  }

  private static String received(Receiving libc, int fd) {
    byte[] target = new byte[256];
    int size = libc.recv(fd, target, target.length, MSG_DONTWAIT);
    return new String(Arrays.copyOf(target, size), StandardCharsets.UTF_8);
  }

  @Test
  void saysNothingWhereNobodyAsked() throws IOException {
    ServiceManager manager = ServiceManager.of(Map.of("WATCHDOG_USEC", "1000000"), 1);
    manager.ready("x");
    assertThat(manager.watchdogMs()).isZero();
  }

  @Test
  void namesTheSocketNobodyListensOn() {
    String nobody = folder.resolve("nobody").toString();
    assertThatThrownBy(() -> ServiceManager.of(Map.of("NOTIFY_SOCKET", nobody), 1).alive())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(nobody);
  }

  @Test
  void aNameTooLongForTheKernelIsRefused() {
    assertThatThrownBy(
            () -> ServiceManager.of(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(200)), 1).alive())
        .hasMessageContaining("201 bytes");
  }

  @Test
  void theWatchdogIsOnlyOursIfItsNumberIs() {
    Map<String, String> asked =
        Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", "180000000", "WATCHDOG_PID", "7");
    assertThat(ServiceManager.of(asked, 7).watchdogMs()).isEqualTo(180_000);
    assertThat(ServiceManager.of(asked, 8).watchdogMs()).isZero();
    assertThat(
            ServiceManager.of(Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", "soon"), 7)
                .watchdogMs())
        .isZero();
  }
}
