package io.verge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.verge.health.Counters;
import io.verge.local.BufferView;
import io.verge.local.CommandView;
import io.verge.local.EventView;
import io.verge.local.FakeDesk;
import io.verge.local.FrameView;
import io.verge.local.HistoryView;
import io.verge.local.ItemView;
import io.verge.local.LocalServer;
import io.verge.local.PointView;
import io.verge.local.SampleView;
import io.verge.local.StatusView;
import io.verge.local.UplinkView;
import io.verge.time.SystemTicker;
import io.verge.time.ThreadCrew;
import io.verge.time.Worker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The page of JSON shapes is made from the records the gateway answers with, and what the commands
 * print is held against the same records. {@code -Dverge.docs=write} writes the page anew.
 */
class JsonPageTest {
  private static final Map<String, Class<?>> SHAPES = new LinkedHashMap<>();

  static {
    SHAPES.put("verge status", StatusView.class);
    SHAPES.put("verge points [--watch]", PointView.class);
    SHAPES.put("verge read", SampleView.class);
    SHAPES.put("verge history", HistoryView.class);
    SHAPES.put("verge forecast", ForecastView.class);
    SHAPES.put("verge watch", ItemView.class);
    SHAPES.put("verge buffer", BufferView.class);
    SHAPES.put("verge uplink", UplinkView.class);
    SHAPES.put("verge events", EventView.class);
    SHAPES.put("verge commands, lamp, calibrate, meter set-total, resend", CommandView.class);
    SHAPES.put("verge trace", FrameView.class);
  }

  private static final Pattern PARAM = Pattern.compile("@param (\\w+) (.*?)(?= @|\\*/)");
  private static final String BEGIN = "<!-- from here on made by JsonPageTest -->\n";

  /** The command line decodes frames itself. */
  private static final String WITH_MEANING =
      ", and beside it `meaning`, text: what the frame says, or empty";

  private static final String MEANING = "meaning";

  @TempDir private Path directory = Path.of("");

  private static Path root() {
    return Path.of(System.getProperty("verge.root"), "gateway-core");
  }

  @Test
  void thePageIsThatOfTheRecords() throws IOException {
    Path page = root().resolve("docs/json.md");
    String text = Files.readString(page);
    String made = text.substring(0, text.indexOf(BEGIN) + BEGIN.length()) + sections();
    if ("write".equals(System.getProperty("verge.docs"))) {
      Files.writeString(page, made);
    }
    assertThat(Files.readString(page))
        .as("stale: run this test with -Dverge.docs=write")
        .isEqualTo(made);
  }

  private static String sections() throws IOException {
    StringBuilder page = new StringBuilder();
    List<Class<?>> open = new ArrayList<>();
    for (Map.Entry<String, Class<?>> shape : SHAPES.entrySet()) {
      page.append("\n## ").append(shape.getKey()).append("\n\nOne `");
      page.append(shape.getValue().getSimpleName()).append("`");
      page.append(shape.getValue() == FrameView.class ? WITH_MEANING : "").append(".\n");
      collect(shape.getValue(), open);
    }
    for (Class<?> record : open) {
      page.append("\n## ").append(record.getSimpleName()).append("\n\n");
      page.append("| field | type | |\n|---|---|---|\n");
      Map<String, String> meanings = meanings(record);
      for (RecordComponent field : record.getRecordComponents()) {
        page.append("| `").append(field.getName()).append("` | ").append(type(field));
        page.append(" | ").append(meanings.getOrDefault(field.getName(), "")).append(" |\n");
      }
    }
    return page.toString();
  }

  private static void collect(Class<?> record, List<Class<?>> open) {
    if (open.contains(record)) {
      return;
    }
    open.add(record);
    for (RecordComponent field : record.getRecordComponents()) {
      Class<?> inner = inner(field.getGenericType());
      if (inner.isRecord()) {
        collect(inner, open);
      }
    }
  }

  private static Class<?> inner(Type type) {
    if (type instanceof ParameterizedType list) {
      Type[] of = list.getActualTypeArguments();
      return (Class<?>) of[of.length - 1];
    }
    return (Class<?>) type;
  }

  private static String type(RecordComponent field) {
    Class<?> inner = inner(field.getGenericType());
    String word =
        inner.isRecord()
            ? "`" + inner.getSimpleName() + "`"
            : inner == String.class ? "text" : inner == boolean.class ? "true, false" : "number";
    if (field.getType() == List.class) {
      word = "array of " + word;
    } else if (field.getType() == Map.class) {
      word = "object of " + word + " by name";
    }
    return field.getAnnotatedType().isAnnotationPresent(Nullable.class) ? word + ", or null" : word;
  }

  private static Map<String, String> meanings(Class<?> record) throws IOException {
    Path source = root().resolve("src/main/java/" + record.getName().replace('.', '/') + ".java");
    String text = Files.readString(source);
    int begin = text.indexOf("/**");
    String doc = text.substring(begin, text.indexOf("*/", begin) + 2);
    String flat = doc.replaceAll("\\n \\*(?!/)", " ").replaceAll("\\s+", " ");
    Map<String, String> meanings = new LinkedHashMap<>();
    Matcher params = PARAM.matcher(flat);
    while (params.find()) {
      meanings.put(
          params.group(1), params.group(2).strip().replaceAll("\\{@code ([^}]*)\\}", "`$1`"));
    }
    return meanings;
  }

  @Test
  void whatIsPrintedHasTheShapeOfThePage() throws IOException {
    FakeDesk desk = new FakeDesk();
    SystemTicker ticker = new SystemTicker();
    List<Throwable> broken = new ArrayList<>();
    ThreadCrew crew = new ThreadCrew(ticker, (worker, cause) -> broken.add(cause));
    Path socket = directory.resolve("verge.sock");
    Worker server =
        LocalServer.open(new LocalServer.Settings(socket), desk, ticker, new Counters());
    crew.start(server);
    try {
      holds(StatusView.class, socket, "status");
      holds(PointView.class, socket, "points");
      holds(SampleView.class, socket, "read", "lamp-17");
      holds(HistoryView.class, socket, "history", "lamp-17/power", "--since", "2h");
      holds(ForecastView.class, socket, "forecast", "bin-07");
      holds(BufferView.class, socket, "buffer");
      holds(UplinkView.class, socket, "uplink");
      holds(EventView.class, socket, "events");
      holds(CommandView.class, socket, "commands");
      holds(CommandView.class, socket, "lamp", "lamp-17", "40%");
      holds(CommandView.class, socket, "calibrate", "bin-07", "--empty");
      holds(CommandView.class, socket, "meter", "set-total", "meter-3", "1.5");
      holds(CommandView.class, socket, "resend", "telemetry", "12..20");
      holds(FrameView.class, socket, "trace", "rs485-1", "--count", "2");
    } finally {
      crew.stop(server);
    }
    assertThat(broken).isEmpty();
  }

  private static void holds(Class<?> shape, Path socket, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream prints = new PrintStream(out, true, StandardCharsets.UTF_8);
    CommandLine root = VergeCommand.tree(new Screen(prints, prints, false), List.of());
    root.addSubcommand(new TraceCommand(new Screen(prints, prints, false), List.of()));
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(List.of("--json", "--socket", socket.toString()));
    root.execute(line.toArray(new String[0]));
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).as("%s", line).isNotEmpty();
    for (String each : lines) {
      JsonElement found = JsonParser.parseString(each);
      if (shape == FrameView.class) {
        assertThat(found.getAsJsonObject().remove(MEANING).isJsonPrimitive()).isTrue();
      }
      conforms(shape, found, line.toString());
    }
  }

  /** The record's fields and no others; what is not optional is there. */
  private static void conforms(Class<?> shape, JsonElement found, String where) {
    assertThat(found.isJsonObject()).as("%s: %s", where, found).isTrue();
    TreeSet<String> names = new TreeSet<>();
    for (RecordComponent field : shape.getRecordComponents()) {
      names.add(field.getName());
      JsonElement value = found.getAsJsonObject().get(field.getName());
      boolean isThere = value != null && !value.isJsonNull();
      boolean isOptional = field.getAnnotatedType().isAnnotationPresent(Nullable.class);
      String at = where + " " + field.getName() + ": " + value;
      assertThat(isThere || isOptional).as(at).isTrue();
      if (isThere) {
        conforms(field, value, at);
      }
    }
    assertThat(names).as(where).containsAll(found.getAsJsonObject().keySet());
  }

  private static void conforms(RecordComponent field, JsonElement value, String at) {
    Class<?> inner = inner(field.getGenericType());
    List<JsonElement> each =
        field.getType() == List.class
            ? value.getAsJsonArray().asList()
            : field.getType() == Map.class
                ? List.copyOf(value.getAsJsonObject().asMap().values())
                : List.of(value);
    for (JsonElement one : each) {
      if (inner.isRecord()) {
        conforms(inner, one, at);
      } else if (inner == String.class) {
        assertThat(one.getAsJsonPrimitive().isString()).as(at).isTrue();
      } else if (inner == boolean.class || inner == Boolean.class) {
        assertThat(one.getAsJsonPrimitive().isBoolean()).as(at).isTrue();
      } else {
        assertThat(one.getAsJsonPrimitive().isNumber()).as(at).isTrue();
      }
    }
  }
}
