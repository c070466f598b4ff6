package io.verge.transport.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our numbers against the C compiler's, and the C library's answers against the ones we expect. */
class GpioAbiTest {
  private static final Map<String, Long> OURS = new LinkedHashMap<>();

  static {
    put("sizeof(struct gpiochip_info)", GpioAbi.CHIP_INFO_SIZE);
    put("sizeof(struct gpio_v2_line_info)", GpioAbi.LINE_INFO_SIZE);
    put("sizeof(struct gpio_v2_line_request)", GpioAbi.REQUEST_SIZE);
    put("sizeof(struct gpio_v2_line_values)", GpioAbi.VALUES_SIZE);
    put("sizeof(struct gpio_v2_line_event)", GpioAbi.EVENT_SIZE);
    put("sizeof(struct gpio_v2_line_config_attribute)", GpioAbi.ATTRIBUTE_SIZE);
    put("offsetof(struct gpiochip_info, label)", 32);
    put("offsetof(struct gpiochip_info, lines)", 64);
    put("offsetof(struct gpio_v2_line_info, consumer)", 32);
    put("offsetof(struct gpio_v2_line_info, offset)", 64);
    put("offsetof(struct gpio_v2_line_info, flags)", 72);
    put("offsetof(struct gpio_v2_line_request, consumer)", GpioAbi.REQUEST_CONSUMER);
    put("offsetof(struct gpio_v2_line_request, config.flags)", GpioAbi.REQUEST_FLAGS);
    put("offsetof(struct gpio_v2_line_request, config.num_attrs)", GpioAbi.REQUEST_NUM_ATTRS);
    put("offsetof(struct gpio_v2_line_request, config.attrs)", GpioAbi.REQUEST_ATTRS);
    put("offsetof(struct gpio_v2_line_request, num_lines)", GpioAbi.REQUEST_NUM_LINES);
    put("offsetof(struct gpio_v2_line_request, event_buffer_size)", GpioAbi.REQUEST_EVENTS);
    put("offsetof(struct gpio_v2_line_request, fd)", GpioAbi.REQUEST_FD);
    put("offsetof(struct gpio_v2_line_config_attribute, attr.values)", 8);
    put("offsetof(struct gpio_v2_line_config_attribute, attr.debounce_period_us)", 8);
    put("offsetof(struct gpio_v2_line_config_attribute, mask)", 16);
    put("offsetof(struct gpio_v2_line_values, mask)", 8);
    put("offsetof(struct gpio_v2_line_event, id)", 8);
    put("offsetof(struct gpio_v2_line_event, line_seqno)", 20);
    put("GPIO_GET_CHIPINFO_IOCTL", GpioAbi.GET_CHIP_INFO);
    put("GPIO_V2_GET_LINEINFO_IOCTL", GpioAbi.GET_LINE_INFO);
    put("GPIO_V2_GET_LINE_IOCTL", GpioAbi.GET_LINE);
    put("GPIO_V2_LINE_GET_VALUES_IOCTL", GpioAbi.GET_VALUES);
    put("GPIO_V2_LINE_SET_VALUES_IOCTL", GpioAbi.SET_VALUES);
    put("GPIO_MAX_NAME_SIZE", GpioAbi.NAME_SIZE);
    put("GPIO_V2_LINES_MAX", GpioAbi.LINES_MAX);
    put("GPIO_V2_LINE_FLAG_USED", GpioAbi.FLAG_USED);
    put("GPIO_V2_LINE_FLAG_ACTIVE_LOW", GpioAbi.FLAG_ACTIVE_LOW);
    put("GPIO_V2_LINE_FLAG_INPUT", GpioAbi.FLAG_INPUT);
    put("GPIO_V2_LINE_FLAG_OUTPUT", GpioAbi.FLAG_OUTPUT);
    put("GPIO_V2_LINE_FLAG_EDGE_RISING", GpioAbi.FLAG_EDGE_RISING);
    put("GPIO_V2_LINE_FLAG_EDGE_FALLING", GpioAbi.FLAG_EDGE_FALLING);
    put("GPIO_V2_LINE_FLAG_BIAS_PULL_UP", GpioAbi.FLAG_BIAS_UP);
    put("GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN", GpioAbi.FLAG_BIAS_DOWN);
    put("GPIO_V2_LINE_FLAG_BIAS_DISABLED", GpioAbi.FLAG_BIAS_DISABLED);
    put("GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES", GpioAbi.ATTRIBUTE_VALUES);
    put("GPIO_V2_LINE_ATTR_ID_DEBOUNCE", GpioAbi.ATTRIBUTE_DEBOUNCE);
    put("GPIO_V2_LINE_EVENT_RISING_EDGE", GpioAbi.EVENT_RISING);
    put("GPIO_V2_LINE_EVENT_FALLING_EDGE", GpioAbi.EVENT_FALLING);
    put("ENOENT", Kernel.ENOENT);
    put("EINTR", Kernel.EINTR);
    put("EBADF", Kernel.EBADF);
    put("EACCES", Kernel.EACCES);
    put("EBUSY", Kernel.EBUSY);
    put("ENODEV", Kernel.ENODEV);
    put("EINVAL", Kernel.EINVAL);
    put("ENOTTY", Kernel.ENOTTY);
  }

  private static void put(String c, long ours) {
    OURS.put(c, ours & 0xFFFF_FFFFL);
  }

  /** Source: linux/gpio.h as Debian's linux-libc-dev ships it. */
  @Test
  void ourNumbersAreTheCompilers(@TempDir Path folder) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "no gcc: the layout is not compared");
    assumeTrue(
        Files.exists(Path.of("/usr/include/linux/gpio.h")),
        "no linux/gpio.h (linux-libc-dev): the layout is not compared");
    StringBuilder program = new StringBuilder();
    program.append("#include <errno.h>\n#include <stddef.h>\n#include <stdio.h>\n");
    program.append("#include <linux/gpio.h>\nint main(void) {\n");
    OURS.keySet()
        .forEach(c -> program.append("printf(\"%llu\\n\", (unsigned long long) (" + c + "));\n"));
    Path source = folder.resolve("numbers.c");
    Files.writeString(source, program.append("return 0; }\n"));
    run(folder, "/usr/bin/gcc", "-o", folder.resolve("numbers").toString(), source.toString());
    String[] theirs = run(folder, folder.resolve("numbers").toString()).split("\n", -1);
    Map<String, Long> compiled = new LinkedHashMap<>();
    int at = 0;
    for (String c : OURS.keySet()) {
      compiled.put(c, Long.parseLong(theirs[at++]) & 0xFFFF_FFFFL);
    }
    assertThat(OURS).isEqualTo(compiled);
  }

  private static String run(Path folder, String... command) throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }

  @Test
  void theCLibraryAnswersAsWeReadIt() {
    Kernel kernel = new Libc();
    assertThat(kernel.open("/dev/gpiochip-none")).isEqualTo(-Kernel.ENOENT);
    int nothing = kernel.open("/dev/null");
    assertThat(nothing).isPositive();
    assertThat(kernel.ioctl(nothing, GpioAbi.GET_CHIP_INFO, new byte[GpioAbi.CHIP_INFO_SIZE]))
        .isEqualTo(-Kernel.ENOTTY);
    assertThat(kernel.close(nothing)).isZero();
    assertThat(kernel.close(nothing)).isEqualTo(-Kernel.EBADF);
    int waker = kernel.waker();
    boolean[] ready = new boolean[1];
    assertThat(kernel.poll(new int[] {waker}, ready, 0)).isZero();
    assertThat(ready).containsExactly(false);
    assertThat(kernel.wake(waker)).isEqualTo(8);
    assertThat(kernel.poll(new int[] {waker}, ready, Kernel.FOR_EVER)).isEqualTo(1);
    assertThat(ready).containsExactly(true);
    assertThat(kernel.read(waker, new byte[8])).isEqualTo(8);
    assertThat(kernel.poll(new int[] {waker}, ready, 0)).isZero();
    assertThat(kernel.close(waker)).isZero();
  }
}
