package dev.slipway.bench;

import dev.slipway.server.EngineParts;
import dev.slipway.server.Server;
import dev.slipway.server.ServerSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server whose engine is simulated, as a process. It listens on any free port, answers each line
/// of its input with what the engine counts, and ends when its input does.
final class SimulatedServer {
  private static final Pattern COUNTS =
      Pattern.compile("living=(\\d+) most=(\\d+) launched=(\\d+)");

  private SimulatedServer() {}

  /// What the engine counts.
  ///
  /// @param living tasks that live
  /// @param most tasks that lived at once
  /// @param launched tasks that were launched
  record Counts(int living, int most, int launched) {
    static Counts read(String line) {
      Matcher matcher = COUNTS.matcher(line);
      if (!matcher.matches()) {
        throw new IllegalStateException("not what the engine counts: " + line);
      }
      return new Counts(
          Integer.parseInt(matcher.group(1)),
          Integer.parseInt(matcher.group(2)),
          Integer.parseInt(matcher.group(3)));
    }
  }

  /// @param arguments the data directory and the number of nodes
  public static void main(String[] arguments) throws IOException {
    int nodes = Integer.parseInt(arguments[1]);
    var engine = new SimulatedEngine(nodes);
    var settings = ServerSettings.in(Path.of(arguments[0])).listening("127.0.0.1", 0);
    var parts = new EngineParts(engine, "simulated", "simulated", nodes);
    try (var server = Server.start(settings, _ -> System.exit(1), _ -> parts);
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("Slipway listens on " + server.uri());
      while (input.readLine() != null) {
        System.out.println(engine.counts());
      }
    }
  }
}
