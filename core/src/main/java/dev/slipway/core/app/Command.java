package dev.slipway.core.app;

import java.util.List;

/// What a task runs.
public sealed interface Command {
  /// The words that are executed, program first; none where the image says what is started.
  List<String> argv();

  /// A line for the POSIX shell, run as `/bin/sh -c`, as Marathon's `cmd`.
  record Shell(String line) implements Command {
    public Shell {
      if (line.isBlank()) {
        throw new IllegalArgumentException("cmd must not be an empty string");
      }
    }

    @Override
    public List<String> argv() {
      return List.of("/bin/sh", "-c", line);
    }
  }

  /// A program with its arguments, run without a shell, as Marathon's `args`.
  record Arguments(List<String> argv) implements Command {
    public Arguments {
      argv = List.copyOf(argv);
      if (argv.isEmpty() || argv.getFirst().isEmpty()) {
        throw new IllegalArgumentException("args must begin with the program to run");
      }
    }
  }

  /// What the image itself starts.
  record ImageDefault() implements Command {
    @Override
    public List<String> argv() {
      return List.of();
    }
  }
}
