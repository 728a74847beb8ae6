package dev.slipway.server.exec;

import dev.slipway.core.engine.TerminalSize;
import dev.slipway.core.instance.TaskId;
import dev.slipway.server.http.SocketRoute;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a client wants to run in a task.
///
/// @param terminal the size of the terminal that it wants, if it wants one
record ExecWish(TaskId task, List<String> command, Optional<TerminalSize> terminal) {
  private static final List<String> SHELL = List.of("/bin/sh");

  /// @throws IllegalArgumentException when it is not said well, with what is wrong
  static ExecWish of(SocketRoute.Call call) {
    var task = new TaskId(URLDecoder.decode(call.path().group(1), StandardCharsets.UTF_8));
    List<String> command = call.query().getOrDefault("command", SHELL);
    if (command.getFirst().isEmpty() || command.stream().anyMatch(word -> word.indexOf(0) >= 0)) {
      throw new IllegalArgumentException(
          "command begins with a program, and no word of it holds a NUL");
    }
    boolean tty = first(call.query(), "tty").map(Boolean::parseBoolean).orElse(false);
    return new ExecWish(task, command, tty ? Optional.of(size(call.query())) : Optional.empty());
  }

  private static TerminalSize size(Map<String, List<String>> query) {
    return new TerminalSize(
        number(query, "columns").orElse(TerminalSize.DEFAULT.columns()),
        number(query, "rows").orElse(TerminalSize.DEFAULT.rows()));
  }

  private static Optional<Integer> number(Map<String, List<String>> query, String name) {
    return first(query, name)
        .map(
            text -> {
              try {
                return Integer.parseInt(text);
              } catch (NumberFormatException odd) {
                throw new IllegalArgumentException(name + " is a whole number", odd);
              }
            });
  }

  private static Optional<String> first(Map<String, List<String>> query, String name) {
    return Optional.ofNullable(query.get(name)).map(List::getFirst);
  }
}
