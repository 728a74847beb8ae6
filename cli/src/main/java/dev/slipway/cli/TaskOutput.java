package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;

/// What a task wrote to one of its files (`stdout`, `stderr`), read through the server's files API
/// in pieces of at most 64 KiB. Offsets are bytes.
final class TaskOutput {
  private static final long PIECE_BYTES = 64 * 1024;
  private static final long LONGEST_TAIL_BYTES = 4 * 1024 * 1024;

  private final Api api;
  private final String task;
  private final String file;
  private long next;

  /// @param next the offset to read from
  private TaskOutput(Api api, String task, String file, long next) {
    this.api = api;
    this.task = task;
    this.file = file;
    this.next = next;
  }

  static TaskOutput fromStart(Api api, String task, String file) {
    return new TaskOutput(api, task, file, 0);
  }

  /// Stands at the end of what is written now.
  static TaskOutput fromEnd(Api api, String task, String file) {
    var output = new TaskOutput(api, task, file, 0);
    output.next = output.size();
    return output;
  }

  String task() {
    return task;
  }

  /// The last lines before the place where reading goes on.
  List<String> tail(int lines) {
    if (lines <= 0 || next == 0) {
      return List.of();
    }
    long start = next;
    String text = "";
    while (start > 0 && next - start < LONGEST_TAIL_BYTES && lineEnds(text) <= lines) {
      long from = Math.max(0, start - PIECE_BYTES);
      text = piece(from, start - from).at("data").text() + text;
      start = from;
    }
    List<String> all = new ArrayList<>(text.lines().toList());
    if (start > 0 && !all.isEmpty()) {
      all.removeFirst();
    }
    return all.subList(Math.max(0, all.size() - lines), all.size());
  }

  /// What was written since, at most one piece; "" when there is nothing new. A file that became
  /// shorter was rotated: it is read from its start.
  String more() {
    Json piece = piece(next, PIECE_BYTES);
    if (piece.at("size").whole() < next) {
      next = 0;
      piece = piece(next, PIECE_BYTES);
    }
    String data = piece.at("data").text();
    if (!data.isEmpty()) {
      next = piece.at("next").whole();
    }
    return data;
  }

  private long size() {
    return read("&offset=-1").at("size").whole();
  }

  private Json piece(long offset, long length) {
    return read("&offset=" + offset + "&length=" + length);
  }

  /// A file that is not there yet is an empty one: a task that is being started has no output.
  private Json read(String range) {
    String path = Api.path("/api/v1/tasks", task, "files", "read") + "?path=" + file + range;
    Api.Answer answer = api.ask("GET", path, null);
    return answer.found() ? answer.json() : Json.NOTHING;
  }

  private static int lineEnds(String text) {
    return (int) text.chars().filter(character -> character == '\n').count();
  }
}
