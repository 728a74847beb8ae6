package dev.slipway.endtoend.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What tasks wrote to their standard output, those that have ended included: a program that ran
/// twice has written twice. It is kept from look to look, since the platform removes the oldest
/// sandboxes of ended tasks.
public final class Starts {
  private final Path tasks;
  private final String prefix;
  private final Map<String, List<String>> outputs = new TreeMap<>();

  /// @param data the server's directory
  /// @param name how the ids of the app's tasks begin
  public Starts(Path data, String name) {
    this.tasks = data.resolve("engine/tasks");
    this.prefix = name + ".";
  }

  /// Reads what is there now.
  public void look() {
    try (Stream<Path> there = Files.list(tasks)) {
      for (Path task : there.toList()) {
        String id = task.getFileName().toString();
        Path output = task.resolve("output/stdout");
        // A task whose port a stranger had never began, and has no output.
        if (id.startsWith(prefix) && Files.exists(output)) {
          outputs.put(id, Files.readAllLines(output));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How often each line was written by all tasks of the app.
  public Map<String, Integer> byLine() {
    look();
    Map<String, Integer> counts = new TreeMap<>();
    outputs.values().stream()
        .flatMap(List::stream)
        .forEach(line -> counts.merge(line, 1, Integer::sum));
    return counts;
  }
}
