package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.cli.VergeCommand;
import io.verge.config.ConfigReader;
import io.verge.config.Entry;
import io.verge.runtime.Found;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What people and editors are told of the configuration agrees with what reads it. */
class ConfigurationPagesTest extends ConfigurationFixture {
  @Test
  void theSampleHasNoProblems() {
    assertThat(sample().problems()).isEmpty();
  }

  /** The page's table and the reader agree on every key the sample's devices can have. */
  @Test
  void thePageTellsEveryKey() throws IOException {
    Path page = root().resolve("gateway-core/docs/configuration.md");
    Set<String> told = new TreeSet<>();
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("| `")) {
        List<String> cells = cells(line);
        told.add(cells.get(0) + " | " + cells.get(1) + " | " + cells.get(2));
      }
    }
    Set<String> asked = new TreeSet<>();
    for (Entry entry : sample().entries()) {
      String fallback =
          switch (entry.path()) {
            case "site.name" -> "the gateway's";
            case "rule.name" -> "its kind";
            case "rule.dwell" -> "by kind";
            default -> entry.fallback();
          };
      asked.add(entry.path() + " | " + entry.expected() + " | " + fallback);
    }
    assertThat(told).containsExactlyElementsOf(asked);
  }

  private static List<String> cells(String row) {
    return Pattern.compile("|", Pattern.LITERAL)
        .splitAsStream(row.substring(1))
        .map(cell -> cell.strip().replace("`", ""))
        .toList();
  }

  @Test
  void whatHoldsIsAFileThatHoldsTheSame() throws IOException {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(file, PLAN);
    String shown = show(file);
    assertThat(shown).contains("commit_interval = \"5s\"").contains("# default");
    Files.writeString(file, shown);
    assertThat(values(show(file))).isEqualTo(values(shown));
  }

  private static List<String> values(String shown) {
    return shown.lines().map(line -> line.replaceAll(" +# (default|line \\d+)$", "")).toList();
  }

  @Test
  void whatDiffersIsToldByKey() throws IOException {
    Path sample = root().resolve("packaging/src/main/config/gateway.toml");
    Path fresh = folder.resolve("new.toml");
    String added =
        "[[bus.device]]\nasset = \"lamp-19\"\ndriver = \"modbus\"\n"
            + "profile = \"lamp-controller\"\naddress = 19\n\n";
    String text = Files.readString(sample);
    Files.writeString(
        fresh,
        text.replace("\"Linden Street\"", "\"Lime Street\"")
            .replace("# The cabinet's electricity", added + "# The cabinet's electricity"));
    String told = run("config", "diff", sample.toString(), fresh.toString());
    String page = Files.readString(root().resolve("gateway-core/docs/cli.md"));
    assertThat(page).contains("$ verge config diff new.toml\n" + told + "```\n");
    assertThat(run("config", "diff", fresh.toString(), sample.toString()).lines())
        .anyMatch(line -> line.startsWith("- bus[lamps].device[lamp-19]: asset"));
    Files.writeString(fresh, "# other words, same meaning\n" + text);
    assertThat(run("config", "diff", sample.toString(), fresh.toString()))
        .isEqualTo("no difference\n");
  }

  /**
   * What the editor is told agrees with the reader, for the sample and for every key of the page.
   */
  @Test
  void theSchemaKnowsEveryKeyAndItsKind() throws IOException {
    JsonObject schema = JsonParser.parseString(run("config", "schema")).getAsJsonObject();
    for (Entry entry : sample().entries()) {
      JsonObject table = schema;
      for (String part : entry.table().split("\\.", -1)) {
        JsonObject inner = table.getAsJsonObject("properties").getAsJsonObject(part);
        if (inner.has("anyOf")) {
          inner = inner.getAsJsonArray("anyOf").get(1).getAsJsonObject();
        }
        table = inner.has("items") ? inner.getAsJsonObject("items") : inner;
      }
      JsonObject key = table.getAsJsonObject("properties").getAsJsonObject(entry.key());
      assertThat(key).as(entry.path()).isNotNull();
      String told = key.toString();
      if (told.equals("{\"description\":\"optional\"}")) {
        continue; // asked for where it is given only: any kind
      }
      if (entry.expected().equals("true or false")) {
        assertThat(told).as(entry.path()).contains("\"type\":\"boolean\"");
      } else if (entry.expected().startsWith("whole number")) {
        assertThat(told).as(entry.path()).contains("\"type\":\"integer\"", "\"minimum\"");
      } else if (entry.expected().startsWith("duration")) {
        assertThat(told).as(entry.path()).contains("(ms|s|m|h|d)");
      }
      assertThat(table.get("additionalProperties").getAsBoolean()).isFalse();
    }
    JsonObject device =
        schema
            .getAsJsonObject("properties")
            .getAsJsonObject("bus")
            .getAsJsonObject("items")
            .getAsJsonObject("properties")
            .getAsJsonObject("device")
            .getAsJsonObject("items");
    assertThat(device.getAsJsonArray("required").toString()).isEqualTo("[\"asset\",\"driver\"]");
    Set<String> keys = device.getAsJsonObject("properties").keySet();
    Pattern asked = Pattern.compile("device\\s*\\.(?!has|reject)\\w+\\(\\s*\"(\\w+)\"");
    try (var sources = Files.walk(root().resolve("drivers/src/main/java"))) {
      for (Path source :
          sources.filter(path -> path.toString().endsWith("Factory.java")).toList()) {
        var matcher = asked.matcher(Files.readString(source));
        while (matcher.find()) {
          assertThat(keys).as(source.toString()).contains(matcher.group(1));
        }
      }
    }
  }

  /** The sample's night, as the page of the command line shows it. */
  @Test
  void planShowIsInTheManual() throws IOException {
    String sample = root().resolve("packaging/src/main/config/gateway.toml").toString();
    String shown = run("plan", "show", "--date", "2026-11-26", "--config", sample);
    assertThat(shown.lines()).allMatch(line -> line.length() <= 80);
    String page = Files.readString(root().resolve("gateway-core/docs/cli.md"));
    assertThat(page)
        .contains("$ verge plan show --date 2026-11-26 --config gateway.toml\n" + shown + "```\n");
    String json = run("plan", "show", "--date", "2026-11-26", "--json", "--config", sample);
    assertThat(json.lines()).hasSize(1);
    assertThat(json).contains("\"plan\":\"street\"", "\"at\":\"2026-11-26T23:00+01:00\"");
    assertThat(run("plan", "show", "--date", "2026-12-31", "--config", sample))
        .contains("16:00  100%  16:00");
  }

  private static String show(Path file) {
    return run("config", "show", file.toString());
  }

  private static String run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code =
        VergeCommand.of(
                InputStream.nullInputStream(),
                print,
                print,
                "test",
                List.of(),
                Found.configReader(List.of(), Set.of()),
                List.of())
            .execute(args);
    assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ConfigReader.Result sample() {
    return Found.configReader(List.of(), Set.of())
        .read(root().resolve("packaging/src/main/config/gateway.toml"));
  }

  private static Path root() {
    return Path.of(System.getProperty("verge.root", ".."));
  }
}
