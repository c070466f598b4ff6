package io.verge.simulator.sparkplug;

import com.google.gson.Gson;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The host as a process of its own: arguments are address, port, group and its name. Answers each
 * line on its standard input with its {@link HostReport} as a line of JSON; ends with its input.
 */
public final class HostMain {
  private HostMain() {}

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (SparkplugHost host =
        new SparkplugHost(args[0], Integer.parseInt(args[1]), args[2], args[3])) {
      while (System.in.read() >= 0) {
        out.println(new Gson().toJson(host.report()));
      }
    }
  }
}
