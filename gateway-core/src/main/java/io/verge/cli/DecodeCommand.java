package io.verge.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "decode",
    description =
        "Explains captured frames field by field, from the arguments or one a line on stdin.",
    footer = {"", "Example: verge decode a02 FF 07 A1 A7"},
    mixinStandardHelpOptions = true)
final class DecodeCommand implements Callable<Integer> {
  /** Hex digits in one line: twice the longest message of the uplink. */
  private static final int LINE_MAX = 3 << 20;

  private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();
  private final List<FrameDecoder> decoders;
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;

  @Parameters(
      index = "0",
      paramLabel = "PROTOCOL",
      description = "Which protocol the frames are of.")
  private String protocol = "";

  @Parameters(index = "1..*", paramLabel = "HEX", description = "One frame; spaces are allowed.")
  private @Nullable List<String> hex;

  @Option(names = "--json", description = "One JSON object a frame.")
  private boolean json;

  DecodeCommand(List<FrameDecoder> decoders, InputStream in, PrintStream out, PrintStream err) {
    this.decoders = decoders;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    FrameDecoder decoder = null;
    for (FrameDecoder candidate : decoders) {
      if (candidate.protocol().equals(protocol)) {
        decoder = candidate;
      }
    }
    if (decoder == null) {
      String known =
          decoders.stream().map(FrameDecoder::protocol).sorted().collect(Collectors.joining(", "));
      err.println("verge: '" + protocol + "' is not a protocol; known: " + known);
      return ExitCode.USAGE;
    }
    if (hex != null) {
      return explain(decoder, String.join(" ", hex)) ? ExitCode.DONE : ExitCode.WRONG;
    }
    boolean good = true;
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.isBlank()) {
        good &= explain(decoder, line);
      }
    }
    return good ? ExitCode.DONE : ExitCode.WRONG;
  }

  private boolean explain(FrameDecoder decoder, String line) {
    Decoded<byte[]> bytes =
        line.length() > LINE_MAX
            ? Decoded.invalid("line of " + line.length() + " characters", 0)
            : Hex.parse(line);
    if (!(bytes instanceof Decoded.Valid<byte[]> valid)) {
      return refuse((Decoded.Invalid<?>) bytes, "character");
    }
    Decoded<FrameDecoder.Explained> decoded = decoder.decode(valid.value());
    if (!(decoded instanceof Decoded.Valid<FrameDecoder.Explained> explained)) {
      return refuse((Decoded.Invalid<?>) decoded, "byte");
    }
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("valid", true);
      object.put("protocol", protocol);
      object.putAll(explained.value().json());
      out.println(gson.toJson(object));
      return true;
    }
    out.println(explained.value().title());
    for (FrameDecoder.Field field : explained.value().fields()) {
      int end = Math.min(field.offset() + field.length(), valid.value().length);
      String raw = Hex.spaced(valid.value(), field.offset(), Math.min(end, field.offset() + 8));
      out.printf(
          "  %4d  %-24s %-16s %s%n",
          field.offset(),
          end > field.offset() + 8 ? raw + " …" : raw,
          field.name(),
          field.meaning());
    }
    return true;
  }

  private boolean refuse(Decoded.Invalid<?> invalid, String unit) {
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("valid", false);
      object.put("protocol", protocol);
      object.put("reason", invalid.reason());
      object.put("offset", invalid.offset());
      out.println(gson.toJson(object));
    } else {
      out.println("invalid: " + invalid.reason() + " (" + unit + " " + invalid.offset() + ")");
    }
    return false;
  }
}
