package io.verge.runtime;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.verge.cli.OpenMetrics;
import io.verge.config.SiteConfig;
import io.verge.local.BusView;
import io.verge.local.CommandView;
import io.verge.local.EventView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.PointView;
import io.verge.local.StatusView;
import io.verge.local.UplinkView;
import io.verge.local.VersionView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the texts of {@code verge bundle}; each is cleaned of secrets before it is kept. */
final class Bundle {
  private static final int TEXT_MAX = 4 << 20;
  private static final List<String> KERNEL =
      List.of("/proc/meminfo", "/proc/loadavg", "/proc/uptime", "/proc/mounts", "/proc/cmdline");

  private static final Gson GSON = new Gson();

  private final Redaction redaction;
  private final Map<String, String> texts = new LinkedHashMap<>();

  Bundle(Redaction redaction) {
    this.redaction = redaction;
  }

  void add(String name, String text) {
    String kept = text.length() > TEXT_MAX ? text.substring(text.length() - TEXT_MAX) : text;
    texts.put(name, redaction.clean(kept));
  }

  void machine(List<String> journalCommand) throws IOException {
    for (String file : KERNEL) {
      add("machine" + file.replace("/proc/", "/") + ".txt", Files.readString(Path.of(file)));
    }
    add("journal.txt", output(journalCommand));
  }

  /** What the gateway says of itself, or why it says nothing. */
  void gateway(Path socket) throws IOException {
    try (LocalClient client = LocalClient.open(socket)) {
      for (String word : List.of("status", "buffer")) {
        add("gateway/" + word + ".json", ask(client, word));
      }
      StatusView status =
          client.view(
              client.ask("status", new JsonObject(), LocalClient.ANSWER_MS), StatusView.class);
      add("gateway/metrics.txt", String.join("\n", OpenMetrics.of(status)) + "\n");
      add("gateway/points.jsonl", list(client, "points", PointView.class));
      add("gateway/configs.jsonl", list(client, "configs", VersionView.class));
      for (BusView bus : status.buses()) {
        StringBuilder frames = new StringBuilder();
        DoctorCommand.frames(client, bus.name())
            .forEach(frame -> frames.append(GSON.toJson(frame)).append('\n'));
        add("gateway/frames/" + bus.name() + ".jsonl", frames.toString());
      }
      add("gateway/uplinks.jsonl", list(client, "uplinks", UplinkView.class));
      add("gateway/events.jsonl", list(client, "events", EventView.class));
      add("gateway/commands.jsonl", list(client, "commands", CommandView.class));
    } catch (Unreachable | Refused e) {
      add("gateway/unreachable.txt", e.getMessage() + "\n");
    }
  }

  private static String ask(LocalClient client, String word) throws Unreachable {
    try {
      return client.ask(word, new JsonObject(), LocalClient.ANSWER_MS) + "\n";
    } catch (Refused e) {
      return e.getMessage() + "\n";
    }
  }

  private static <T extends Record> String list(LocalClient client, String word, Class<T> type)
      throws Unreachable, Refused {
    JsonObject args = new JsonObject();
    args.addProperty("most", 1000);
    StringBuilder lines = new StringBuilder();
    client.views(
        word,
        args,
        LocalClient.ANSWER_MS,
        type,
        (view, raw) -> lines.append(raw).append('\n').length() < TEXT_MAX);
    return lines.toString();
  }

  void checks(@Nullable SiteConfig site, Path data) throws IOException {
    if (site != null) {
      add("doctor.json", new Gson().toJson(DoctorCommand.examine(site, data)) + "\n");
    }
  }

  private static String output(List<String> command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException notThere) {
      return notThere.getMessage() + "\n";
    }
    process.getOutputStream().close();
    try (InputStream in = process.getInputStream()) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      text.write(in.readNBytes(TEXT_MAX));
      return text.toString(StandardCharsets.UTF_8);
    } finally {
      process.destroy();
    }
  }

  /** Name, size in bytes and nothing else of each text; then what was not looked for. */
  String contents() {
    StringBuilder list = new StringBuilder();
    texts.forEach(
        (name, text) ->
            list.append(
                String.format("%9d  %s%n", text.getBytes(StandardCharsets.UTF_8).length, name)));
    list.append("Secrets were removed from these texts; secret files are not among them.\n");
    redaction.notes().forEach(note -> list.append("NOTE: ").append(note).append('\n'));
    return list.toString();
  }

  void write(TarGz archive) throws IOException {
    archive.add("CONTENTS.txt", contents().getBytes(StandardCharsets.UTF_8));
    for (Map.Entry<String, String> text : texts.entrySet()) {
      archive.add(text.getKey(), text.getValue().getBytes(StandardCharsets.UTF_8));
    }
  }
}
