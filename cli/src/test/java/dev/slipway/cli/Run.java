package dev.slipway.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One run of the command in this JVM: what it said and how it ended.
record Run(int code, String out, String err) {
  static final Screen PIPE = new Screen(false, Screen.UNLIMITED, true);

  static Run of(ScriptedServer server, String... arguments) {
    return with(PIPE, Map.of("SLIPWAY_URL", server.url()), "", arguments);
  }

  static Run onTerminal(ScriptedServer server, int width, String... arguments) {
    Screen screen = new Screen(true, width, true);
    return with(screen, Map.of("SLIPWAY_URL", server.url(), "NO_COLOR", "1"), "", arguments);
  }

  static Run with(
      Screen screen, Map<String, String> environment, String input, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var surroundings =
        new Surroundings(
            new HashMap<>(environment),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            screen);
    int code = Main.run(surroundings, arguments);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  List<String> lines() {
    return out.lines().toList();
  }

  String lastLine() {
    return lines().isEmpty() ? "" : lines().getLast();
  }

  Json json() {
    return Json.read(out.getBytes(StandardCharsets.UTF_8));
  }
}
