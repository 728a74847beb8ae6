package dev.slipway.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The outputs of an app's instances, interleaved line by line.
///
/// Each instance is read every [#READ_INTERVAL]; new ones are looked for every [#LOOK_EVERY]
/// rounds, and an instance that is gone is read to its end and left. One thread.
final class LogFollower {
  private static final Duration READ_INTERVAL = Duration.ofMillis(300);
  private static final int LOOK_EVERY = 5;
  private static final int PIECES_A_ROUND = 16;
  private static final int LONGEST_LINE = 64 * 1024;
  private static final int SHORT_ID = 4;
  private static final int MOST_SILENT_ROUNDS = 200;

  private final Session session;
  private final Api api;
  private final String app;
  private final String file;
  private final @Nullable String only;
  private final Map<String, Source> sources = new LinkedHashMap<>();

  /// One instance's output, and what of its last line is not complete yet.
  private static final class Source {
    private final TaskOutput output;
    private String incomplete = "";
    private boolean gone;

    Source(TaskOutput output) {
      this.output = output;
    }
  }

  /// @param only the one task to show, or null for all of the app
  LogFollower(Session session, String app, String file, @Nullable String only) {
    this.session = session;
    this.api = session.api();
    this.app = app;
    this.file = file;
    this.only = only;
  }

  /// Prints the last lines of each instance; false when there is none.
  boolean begin(int lines) {
    for (String task : tasks()) {
      sources.put(task, new Source(TaskOutput.fromEnd(api, task, file)));
    }
    for (Source source : List.copyOf(sources.values())) {
      source.output.tail(lines).forEach(line -> print(source, line));
    }
    session.surroundings().out().flush();
    return !sources.isEmpty();
  }

  /// Goes on until nobody listens, or the one task that was asked for is gone.
  Exit follow() {
    int silent = 0;
    for (long round = 1; !session.unheard(); round++) {
      Pause.of(READ_INTERVAL);
      try {
        if (round % LOOK_EVERY == 0) {
          look();
        }
        List.copyOf(sources.values()).forEach(this::readOn);
        silent = 0;
      } catch (Complaint complaint) {
        // The server restarts; tasks write on meanwhile, and the offsets are ours.
        if (complaint.exit() != Exit.UNAVAILABLE || ++silent > MOST_SILENT_ROUNDS) {
          throw complaint;
        }
      }
      session.surroundings().out().flush();
      sources.values().removeIf(source -> source.gone);
      if (only != null && sources.isEmpty()) {
        return Exit.OK;
      }
    }
    return Exit.OK;
  }

  private List<String> tasks() {
    List<String> running =
        api.get("/api/v1/tasks?app=" + Api.encoded(app)).json().at("tasks").items().stream()
            .filter(task -> task.at("app").text().equals(app))
            .filter(task -> !task.at("state").text().equals("scheduled"))
            .map(task -> task.at("id").text())
            .toList();
    if (only == null) {
      return running;
    }
    return sources.isEmpty() || running.contains(only) ? List.of(only) : List.of();
  }

  private void look() {
    List<String> running = tasks();
    for (String task : running) {
      sources.computeIfAbsent(task, id -> new Source(TaskOutput.fromStart(api, id, file)));
    }
    sources.forEach((task, source) -> source.gone = !running.contains(task));
  }

  private void readOn(Source source) {
    for (int piece = 0; piece < PIECES_A_ROUND; piece++) {
      String data = source.output.more();
      if (data.isEmpty()) {
        break;
      }
      String text = source.incomplete + data;
      int end = text.length() > LONGEST_LINE ? text.length() : text.lastIndexOf('\n') + 1;
      text.substring(0, end).lines().forEach(line -> print(source, line));
      source.incomplete = text.substring(end);
    }
    if (source.gone && !source.incomplete.isEmpty()) {
      print(source, source.incomplete);
      source.incomplete = "";
    }
  }

  private void print(Source source, String line) {
    String task = source.output.task();
    if (session.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("task", task);
      fields.put("file", file);
      fields.put("line", line);
      session.surroundings().out().println(Json.object(fields).write());
      return;
    }
    boolean alone = only != null || sources.size() == 1;
    session.print(alone ? line : session.paint(Tone.QUIET, prefix(task) + " | ") + line);
  }

  /// The app's last name and the first characters of the instance's own part: `web.3f2a`.
  private String prefix(String task) {
    String name = app.substring(app.lastIndexOf('/') + 1);
    int instance = task.indexOf(".instance-");
    String own = instance < 0 ? task : task.substring(instance + ".instance-".length());
    int length = SHORT_ID;
    while (length < own.length() && isShared(task, own.substring(0, length))) {
      length++;
    }
    return name + "." + own.substring(0, Math.min(length, own.length()));
  }

  private boolean isShared(String task, String start) {
    return sources.keySet().stream()
        .anyMatch(other -> !other.equals(task) && other.contains(".instance-" + start));
  }
}
