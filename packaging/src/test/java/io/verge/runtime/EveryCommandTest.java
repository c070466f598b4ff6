package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.verge.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What every command of the installed program keeps to, whoever adds it. */
class EveryCommandTest {
  private static final int COLUMNS = 80;

  /** Arguments with which each command that asks the running gateway is a whole line. */
  private static final Map<String, List<String>> ASKING =
      Map.ofEntries(
          Map.entry("verge status", List.of()),
          Map.entry("verge points", List.of("lamp-*")),
          Map.entry("verge read", List.of("lamp-17")),
          Map.entry("verge watch", List.of("--count", "1")),
          Map.entry("verge history", List.of("lamp-17/power")),
          Map.entry("verge forecast", List.of("bin-07")),
          Map.entry("verge lamp", List.of("lamp-17", "40%")),
          Map.entry("verge calibrate", List.of("bin-07", "--empty")),
          Map.entry("verge meter set-total", List.of("water-03", "1234.567")),
          Map.entry("verge buffer", List.of()),
          Map.entry("verge resend", List.of("telemetry", "3..7")),
          Map.entry("verge uplink", List.of()),
          Map.entry("verge events", List.of()),
          Map.entry("verge commands", List.of()),
          Map.entry("verge metrics", List.of()),
          Map.entry("verge commission", List.of("--yes")),
          Map.entry("verge page", List.of("--bind", "127.0.0.1:0")),
          Map.entry("verge config apply", List.of("/dev/null")),
          Map.entry("verge config confirm", List.of()),
          Map.entry("verge config rollback", List.of()),
          Map.entry("verge config history", List.of()),
          Map.entry("verge config diff", List.of("1", "2")),
          Map.entry("verge trace", List.of("rs485-1")));

  /** The same of those that work alone; FILE stands for a configuration, PROFILE for a profile. */
  private static final Map<String, List<String>> ALONE =
      Map.of(
          "verge decode", List.of("a02", "FF07A1A7"),
          "verge config check", List.of("FILE"),
          "verge config show", List.of("FILE"),
          "verge config devices", List.of("FILE"),
          "verge profiles", List.of(),
          "verge profiles check", List.of("PROFILE"),
          "verge plan show", List.of("--config", "FILE", "--date", "2026-11-26"),
          "verge doctor", List.of("--config", "FILE", "--data", "DIR"),
          "verge update status", List.of("--root", "DIR", "--keys", "DIR"),
          "verge version", List.of());

  /** They need a port with devices, or a running back end, and are tested with those. */
  private static final List<String> ELSEWHERE =
      List.of("verge scan", "verge simulate backend", "verge simulate fleet");

  /** A row of the page: command, path, type, remark. */
  private static final Pattern SHAPE =
      Pattern.compile("\\| `(verge [^`]*)` \\| `([^`]*)` \\| ([^|]*) \\| ?([^|]*)\\|");

  @TempDir private Path folder = Path.of("unset");

  private record Ran(int code, String out, String err) {}

  private static CommandLine line(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return Main.line(
        InputStream.nullInputStream(),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static Ran run(String command, List<String> args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(List.of(command.split(" ")));
    all.remove(0);
    all.addAll(args);
    int code = line(out, err).execute(all.toArray(new String[0]));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Map<String, CommandSpec> commands() {
    Map<String, CommandSpec> found = new TreeMap<>();
    collect(line(new ByteArrayOutputStream(), new ByteArrayOutputStream()).getCommandSpec(), found);
    return found;
  }

  private static void collect(CommandSpec spec, Map<String, CommandSpec> found) {
    if (spec.usageMessage().hidden()) {
      return;
    }
    found.put(spec.qualifiedName(), spec);
    spec.subcommands().values().forEach(below -> collect(below.getCommandSpec(), found));
  }

  @TestFactory
  Stream<DynamicTest> helpHoldsAnExampleAndFitsAConsole() {
    return commands().keySet().stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command,
                    () -> {
                      Ran help = run(command, List.of("--help"));
                      assertThat(help.code()).isEqualTo(ExitCode.DONE);
                      assertThat(help.err()).isEmpty();
                      assertThat(help.out()).contains("Usage: " + command);
                      assertThat(help.out().lines())
                          .anyMatch(text -> text.startsWith("Example: "))
                          .allMatch(text -> text.length() <= COLUMNS);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> anUnknownOptionIsAMistakeOfUse() {
    return commands().keySet().stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command,
                    () -> {
                      Ran ran = run(command, List.of("--no-such-option"));
                      assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
                      assertThat(ran.out()).isEmpty();
                      assertThat(ran.err()).contains("verge").contains("--help");
                    }));
  }

  @Test
  void everyCommandWithJsonIsTriedHere() {
    List<String> tried = new ArrayList<>(ASKING.keySet());
    tried.addAll(ALONE.keySet());
    tried.addAll(ELSEWHERE);
    assertThat(
            commands().entrySet().stream()
                .filter(entry -> entry.getValue().findOption("--json") != null)
                .map(Map.Entry::getKey))
        .containsExactlyInAnyOrderElementsOf(tried);
  }

  @TestFactory
  Stream<DynamicTest> whatWorksAloneTellsItInJson() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("FILE", Files.writeString(folder.resolve("gateway.toml"), site()).toString());
    files.put("PROFILE", folder.resolve("mine.toml").toString());
    files.put("DIR", folder.toString());
    Ran skeleton = run("verge profiles new", List.of());
    Files.writeString(folder.resolve("mine.toml"), skeleton.out());
    return ALONE.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      List<String> args = new ArrayList<>();
                      entry.getValue().forEach(arg -> args.add(files.getOrDefault(arg, arg)));
                      args.add("--json");
                      Ran ran = run(entry.getKey(), args);
                      assertThat(ran.code())
                          .as(entry.getKey() + ran.err())
                          .isIn(ExitCode.DONE, ExitCode.WRONG);
                      assertThat(objects(ran.out())).isNotEmpty();
                      documented(entry.getKey(), objects(ran.out()));
                    }));
  }

  /** What is printed is on the page of JSON shapes, and the other way round. */
  private static void documented(String command, List<JsonElement> printed) throws IOException {
    Path page = Path.of(System.getProperty("verge.root"), "gateway-core", "docs", "json.md");
    Map<String, String> types = new TreeMap<>();
    Set<String> wanted = new TreeSet<>();
    for (String line : Files.readAllLines(page)) {
      Matcher row = SHAPE.matcher(line);
      if (row.matches() && row.group(1).equals(command)) {
        types.put(row.group(2), row.group(3));
        if (!row.group(4).startsWith("optional")) {
          wanted.add(row.group(2));
        }
      }
    }
    Map<String, String> found = new TreeMap<>();
    printed.forEach(each -> paths("", each, found));
    assertThat(types).as(command).containsAllEntriesOf(found);
    assertThat(found.keySet()).as(command).containsAll(wanted);
  }

  private static void paths(String at, JsonElement value, Map<String, String> found) {
    if (value.isJsonObject()) {
      value
          .getAsJsonObject()
          .asMap()
          .forEach((name, one) -> paths(at.isEmpty() ? name : at + "." + name, one, found));
    } else if (value.isJsonArray()) {
      value.getAsJsonArray().forEach(one -> paths(at + "[]", one, found));
    } else {
      JsonPrimitive primitive = value.getAsJsonPrimitive();
      found.put(
          at, primitive.isString() ? "text" : primitive.isNumber() ? "number" : "true, false");
    }
  }

  @TestFactory
  Stream<DynamicTest> withoutAGatewayItsStartIsTold() {
    List<String> socket = List.of("--socket", folder.resolve("none.sock").toString());
    return ASKING.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      List<String> args = new ArrayList<>(entry.getValue());
                      args.addAll(socket);
                      Ran text = run(entry.getKey(), args);
                      assertThat(text.code()).isEqualTo(ExitCode.UNREACHABLE);
                      assertThat(text.out()).isEmpty();
                      assertThat(text.err()).contains("not running").contains("systemctl start");
                      args.add("--json");
                      Ran json = run(entry.getKey(), args);
                      assertThat(json.code()).isEqualTo(ExitCode.UNREACHABLE);
                      assertThat(objects(json.out()))
                          .singleElement()
                          .satisfies(
                              told ->
                                  assertThat(
                                          told.getAsJsonObject()
                                              .getAsJsonObject("error")
                                              .get("code")
                                              .getAsString())
                                      .isEqualTo("unreachable"));
                    }));
  }

  /** One value a line, and nothing else. */
  private static List<JsonElement> objects(String text) {
    return text.lines().map(JsonParser::parseString).filter(JsonElement::isJsonObject).toList();
  }

  private static String site() {
    return """
        [site]
        gateway = "gw-1"
        name = "Linden Street"
        latitude = 52.5
        longitude = 13.4
        zone = "Europe/Berlin"

        [[bus]]
        name = "rs485-1"
        port = "serial:/dev/ttyNONE?baud=9600"

        [[bus.device]]
        asset = "lamp-17"
        driver = "modbus"
        profile = "lamp-controller"
        address = 17
        every = "60s"

        [[plan]]
        name = "street"
        lamps = ["lamp-*"]
        on = "sunset"
        off = "sunrise"
        """;
  }
}
