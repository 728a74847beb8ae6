package dev.slipway.endtoend.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What tasks wrote to their standard output, those that have ended included: a program that ran
/// twice has written twice.
public record Starts(Path data) {

  /// How often each line was written by all tasks of an app.
  ///
  /// @param name how the ids of its tasks begin
  public Map<String, Integer> byLine(String name) {
    Map<String, Integer> counts = new TreeMap<>();
    try (Stream<Path> tasks = Files.list(data.resolve("engine/tasks"))) {
      for (Path task : tasks.toList()) {
        if (task.getFileName().toString().startsWith(name + ".")) {
          Path output = task.resolve("output/stdout");
          Files.readAllLines(output).forEach(line -> counts.merge(line, 1, Integer::sum));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counts;
  }
}
