package dev.slipway.core.engine;

import java.util.Map;

/// What people call the signals that end tasks, by their numbers on Linux (signal(7)).
public final class SignalNames {
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(6, "SIGABRT"),
          Map.entry(7, "SIGBUS"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"));

  private SignalNames() {}

  /// Such as `SIGTERM`; a signal that seldom ends a task is told by its number, such as `signal
  /// 34`.
  public static String of(int number) {
    return NAMES.getOrDefault(number, "signal " + number);
  }
}
